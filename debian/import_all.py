"""Import every module of the installed ocpizza: nothing left out of the package is missed."""

import importlib
import pkgutil

import ocpizza

for module in pkgutil.walk_packages(ocpizza.__path__, "ocpizza."):
    if module.name != "ocpizza.wsgi":  # makes the application, so it needs settings
        importlib.import_module(module.name)

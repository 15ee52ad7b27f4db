"""What gunicorn serves: `gunicorn ocpizza.wsgi`, settings from the file in OCPIZZA_CONFIG."""

import os
from pathlib import Path

from ocpizza import main
from ocpizza.settings import load_settings

application = main(load_settings(Path(os.environ["OCPIZZA_CONFIG"])))

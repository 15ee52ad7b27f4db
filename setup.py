"""Metadata of the ocpizza distribution; versions to install are locked in requirements/."""

import re
from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent


def direct_requirements() -> list[str]:
    """Names that requirements/run.in asks for, comments left out."""
    lines = (HERE / "requirements" / "run.in").read_text().splitlines()
    return [line.split("#")[0].strip() for line in lines if line.split("#")[0].strip()]


def version() -> str:
    """The one place a version is written: `__version__` of the package."""
    source = (HERE / "src" / "ocpizza" / "__init__.py").read_text()
    return re.search(r'^__version__ = "(.+)"$', source, re.M)[1]


setup(
    name="ocpizza",
    version=version(),
    description="Web shop and central manager of the OC Pizza restaurants",
    license="MIT",
    packages=find_packages("src"),
    package_dir={"": "src"},
    include_package_data=True,
    python_requires=">=3.11",
    install_requires=direct_requirements(),
    entry_points={"console_scripts": ["ocpizza = ocpizza.cli:main"]},
)

"""Every command of the operations manual, typed in its order by somebody who may use sudo."""

from distribution.install import WITH_SERVERS
from droplets import new_droplet
from handbook.chapters import continuous, deployment, running, saving, updating, watching
from handbook.host import HIRED
from handbook.reading import MANUAL
from handbook.steps import Steps
from handbook.walk import Walk

CHAPTERS = (deployment, running, updating, watching, saving, continuous)


def test_a_colleague_follows_the_manual_to_its_end(packages):
    steps = Steps.of(*(chapter.at for chapter in CHAPTERS))
    with (
        new_droplet("bookworm", HIRED) as droplet,
        new_droplet("bookworm", WITH_SERVERS) as other,
    ):
        addresses = (f"{deployment.THERE}/24", f"{deployment.HERE}/24")
        other.network.join(droplet.network, *addresses)
        Walk(MANUAL.read_text(), packages, droplet, other, steps).go()

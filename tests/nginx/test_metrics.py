"""No way through nginx leads to the figures, whoever stands before it."""

import http.client

import pytest

from nginx.server import Nginx

HERE = "127.0.0.1"
TOLD = [
    {},
    {"X_Forwarded_For": HERE},
    {"X_Forwarded_For": "::1"},
    {"X_Real_IP": HERE},
    {"Forwarded": f"for={HERE}"},
    {"X_Forwarded_For": HERE, "X_Real_IP": HERE, "X_Forwarded_Host": "localhost"},
]
HOSTS = ["www.ocpizza.fr", "localhost", HERE, "127.0.0.1:6544", "[::1]"]
# Others may be served by nginx itself, which must not decode them into this one.
PATHS = ["/metrics", "/metrics/", "//metrics", "/%6detrics", "/x/../metrics", "/metrics?x=1"]


def learns_nothing(nginx: Nginx, path: str = "/metrics", **more) -> None:
    answer = nginx.ask(path, **more)
    assert answer.status == 404
    assert "Page introuvable" in answer.text
    assert "ocpizza_" not in answer.text
    assert {*answer.headers} == {*nginx.ask("/metricz", **more).headers}


def test_nginx_passes_nobody_on_not_even_this_machine(shop, served):
    assert "ocpizza_version" in served.figures().text
    for path in PATHS:
        learns_nothing(shop, path)
    for told in TOLD:
        for host in HOSTS:
            learns_nothing(shop, host=host, **told)


@pytest.fixture
def front(tmp_path, nginx) -> Nginx:
    """Another nginx on this machine, before `nginx`: a load balancer, a tunnel, another's site."""
    front = Nginx(tmp_path / "front")
    front.forward(nginx.port)
    return front


@pytest.mark.parametrize("trusted", [(), ("127.0.0.0/8",)], ids=str)
@pytest.mark.parametrize("tells", [True, False])
def test_nor_does_a_proxy_on_this_machine_be_it_trusted_or_silent(
    nginx, front, gunicorn, state, trusted, tells
):
    nginx.install(gunicorn, state)
    nginx.trust(*trusted)
    if not tells:
        site = front.root / "etc/nginx/sites-enabled/proxy"
        lines = site.read_text().splitlines()
        site.write_text("\n".join(line for line in lines if "X-Forwarded" not in line))
    with nginx.running(), front.running():
        for told in TOLD:
            learns_nothing(front, host="localhost", **told)
            learns_nothing(front, tls=True, **told)


def test_nor_over_ipv6(shop):
    connection = http.client.HTTPConnection("::1", shop.port, timeout=30)
    try:
        connection.request("GET", "/metrics", headers={"Host": "[::1]"})
    except OSError:
        pytest.skip("this machine has no IPv6")
    answer = connection.getresponse()
    assert answer.status == 404
    assert b"ocpizza_" not in answer.read()
    connection.close()

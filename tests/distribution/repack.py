"""A package made of another: the same files under another version, without building them again."""

from droplets import Droplet

# In the source, what names the version or the schema: the program itself, dpkg's own files, and the
# .changes beside the .deb, which says what release it was built for.
REPACK = """
renamed() { echo "$1" | sed "s/ocpizza_$of/ocpizza_$to/"; }
cd dist
deb=$(ls ocpizza_$of*.deb) changes=$(ls ocpizza_$of*.changes)
dpkg-deb --raw-extract $deb unpacked
sed "s/ocpizza_$of/ocpizza_$to/" $changes > $(renamed $changes)
cd unpacked
program=usr/lib/ocpizza/venv/lib/*/*/ocpizza/__init__.py
sed -i "s/^__version__ = .*/__version__ = \\"$to\\"/" $program
sed -i "s/^Version: $of/Version: $to/" DEBIAN/control
sed -i "s/ accept-downgrade .*/ accept-downgrade $schema/" DEBIAN/preinst
rm -f usr/share/ocpizza/alembic/versions/next.py
[ ! -s ../../migration ] || cp ../../migration usr/share/ocpizza/alembic/versions/next.py
find * -path DEBIAN -prune -o -type f -printf '/%p\\n' | grep -vxFf DEBIAN/conffiles |
    cut -c2- | sort | xargs -d '\\n' md5sum > DEBIAN/md5sums
cd ..
dpkg-deb --root-owner-group -Zzstd -z1 --build unpacked $(renamed $deb)
rm -r unpacked
"""


def repack(
    droplet: Droplet, place: str, of: str, to: str, *, schema: str, migration: str = ""
) -> None:
    """Beside the package of version `of` in `place`/dist, make one of version `to`.

    Its newest migration is `schema`; `migration` is the text of one more, none the lack of it.
    """
    droplet.write(f"{place}/migration", migration)
    variables = {"of": of, "to": to, "schema": schema}
    droplet.shell(f"cd {place}\n{REPACK}", env=variables)

#!/usr/bin/env bash
# The lines of Python that README.md and docs/output.md show, run as they stand there on files that the program writes.
#   h5py_test.sh PORELITH
set -eu
porelith=$1
root=$(cd "$(dirname "$0")/../.." && pwd)
python=
for candidate in $(type -ap python3); do
  "$candidate" -c 'import h5py' 2>/dev/null && { python=$candidate; break; }
done
if [ -z "$python" ]; then
  echo "skipped: there is no python3 with h5py (Debian: python3-h5py)"
  exit 77
fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

# The Python of a page that names a file.
snippet() {  # PAGE FILE
  awk -v file="$2" '/^```python/ { on = 1; text = ""; next } /^```/ { if (on && index(text, file)) printf "%s", text; on = 0 }
                    on { text = text $0 "\n" }' "$root/$1"
}

"$porelith" sample "$root/cases/graded_fast_charge" --samples 4 >/dev/null 2>&1
snippet README.md dataset.h5 >readme.py
[ "$(wc -l <readme.py)" -eq 3 ] || { echo "README.md does not read dataset.h5 in three lines"; exit 1; }
"$python" readme.py | tee said
grep -q "A.h (4, 65)" said || { echo "what README.md reads is not there"; exit 1; }

"$porelith" run "$root/cases/quickstart" --set output.pictures=false --out run >/dev/null 2>&1
cd run
{ snippet docs/output.md '"results.h5"'; echo "assert t.shape[0] == c_e.shape[0] and c_e.shape[1] == x.shape[0] and 0 < surface.max() < 1"; } >output.py
[ "$(wc -l <output.py)" -gt 3 ] || { echo "docs/output.md does not read results.h5"; exit 1; }
"$python" output.py

# Every dataset of dataset.h5 has its unit and meaning, and stands in docs/output.md with its shape.
cd ..
"$python" - "$root/docs/output.md" <<'END'
import sys, h5py
page = open(sys.argv[1]).read()
with h5py.File("results/graded_fast_charge/campaign/dataset.h5") as f:
    assert f.attrs["format"] == "porelith dataset" and f.attrs["version"] == 2
    n, d = f["index"].shape[0], f["space/variables"].shape[0]
    assert (n, d) == (4, 7)
    shapes = {"/curves/voltage": (n, 65), "/curves/coordinate": (65,)}
    def check(name, it):
        if not isinstance(it, h5py.Dataset):
            return
        name = "/" + name
        assert it.attrs["unit"] and it.attrs["meaning"], name
        group, leaf = name.rsplit("/", 1)
        assert f"`{leaf}`" in page or f"`{name}`" in page or f"`{group}/NAME`" in page, f"{name} is not in docs/output.md"
        if group in ("", "/inputs", "/scalars"):
            assert it.shape == (n,), name
        assert it.shape == shapes.get(name, it.shape), name
    f.visititems(check)
    assert list(f["complete"][:]) == [1] * 4 and f["status"][0] in ("complete", b"complete")
    assert f["scalars/capacity"].attrs["unit"] == "A.h"
    print("dataset.h5 is as docs/output.md says")
END

# The same of slopes, as docs/output.md reads them.
"$porelith" sample "$root/cases/graded_fast_charge" --samples 2 --set design.slopes=curve --out sloped >/dev/null 2>&1
cd sloped
{ snippet docs/output.md '"dataset.h5"'; cat <<'END'; } >slopes.py
import numpy
assert slope.shape == (2, 7) and numpy.isfinite(slope).all() and (numpy.abs(slope) > 0).any()
with h5py.File("dataset.h5") as f:
    page = open(page_file).read()
    for name, shape in [("scalars/plating_margin", (2, 7)), ("one_sided/plating_margin", (2,)), ("curves/voltage", (2, 65, 7)),
                        ("missing", (2,)), ("seconds", (2,))]:
        it = f["slopes/" + name]
        assert it.shape == shape and it.attrs["unit"] and it.attrs["meaning"], name
        assert f"/slopes/{name.split('/')[0]}" in page, name
    assert f["slopes/scalars/capacity"].attrs["unit"] == "A.h, each over its variable's unit"
    # the curve begins where the run does, whose first voltage follows the porosities
    assert f.attrs["slopes"] == "curve" and numpy.isfinite(f["slopes/curves/voltage"][...]).all()
print("slopes in dataset.h5 are as docs/output.md says")
END
[ "$(wc -l <slopes.py)" -gt 14 ] || { echo "docs/output.md does not read slopes"; exit 1; }
sed -i "1i page_file = '$root/docs/output.md'" slopes.py
"$python" slopes.py

"""Writes wheels that hold nothing but a name: `fake-wheels.py FOLDER PACKAGE[=MODULE] ...`. For tests of installing, not of what is installed."""

import os
import sys
import zipfile

folder = sys.argv[1]
os.makedirs(folder, exist_ok=True)
for word in sys.argv[2:]:
    package, _, module = word.partition("=")
    name = package.replace("-", "_")
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(os.path.join(folder, f"{name}-1.0-py3-none-any.whl"), "w") as wheel:
        wheel.writestr(f"{module or name}/__init__.py", "")
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {package}\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", f"{module or name}/__init__.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n")

# Imports each model of a folder into Blender and prints what came of it, one line of JSON a file after the word MODEL: the objects with their names, the
# boxes of what they draw in the world (Z up), their triangles, and whether each is a closed body.
# Usage: blender --background --factory-startup --python read.py -- FOLDER
import builtins, json, os, sys

import numpy

for name in ("bool", "int", "float", "object"):  # the importer of Debian 12 wants names that later releases of numpy no longer have
    if name not in numpy.__dict__:
        setattr(numpy, name, getattr(builtins, name))

import bpy, bmesh

folder = sys.argv[sys.argv.index("--") + 1]
for file in sorted(os.listdir(folder)):
    bpy.ops.wm.read_factory_settings(use_empty=True)
    bpy.ops.import_scene.gltf(filepath=os.path.join(folder, file))
    objects = []
    for o in bpy.data.objects:
        one = {"name": o.name, "parent": o.parent.name if o.parent else "", "triangles": 0}
        if o.type == "MESH":
            points = [o.matrix_world @ v.co for v in o.data.vertices]
            one["low"] = [min(p[k] for p in points) for k in range(3)]
            one["high"] = [max(p[k] for p in points) for k in range(3)]
            one["triangles"] = len(o.data.polygons)
            b = bmesh.new()
            b.from_mesh(o.data)
            bmesh.ops.remove_doubles(b, verts=b.verts, dist=1e-5)
            one["volume"] = b.calc_volume(signed=True)
            b.free()
            one["materials"] = [m.name for m in o.data.materials]
        objects.append(one)
    print("MODEL " + json.dumps({"file": file, "objects": objects}))

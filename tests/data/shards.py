"""Writes the files in shards/: small shards as other programs write them.

usage: python shards.py   (webdataset 1.0.2, tfrecord 1.14.6; tarfile of Python 3.11)

Image i is the text "image i", and its class is 3 i.
"""

import io
import tarfile
from pathlib import Path

import tfrecord
import webdataset

HERE = Path(__file__).parent / "shards"
HERE.mkdir(exist_ok=True)
tarfile.RECORDSIZE = tarfile.BLOCKSIZE  # no zeros but those that end an archive

with webdataset.TarWriter(str(HERE / "webdataset.tar"), user="", group="", mtime=0) as shard:
    for index in range(3):
        image = f"image {index}".encode()
        shard.write({"__key__": f"train/{index:06}", "jpg": image, "cls": 3 * index})

with webdataset.TarWriter(str(HERE / "json.tar"), user="", group="", mtime=0) as shard:
    labels = [{"label": 0}, {"labels": [3, 4]}, {"label": 6, "caption": "ä"}]
    for index, label in enumerate(labels):
        image = f"image {index}".encode()
        shard.write({"__key__": f"{index}", "json": label, "png": image, "txt": "not needed"})

for name, format in [
    ("ustar", tarfile.USTAR_FORMAT),
    ("gnu", tarfile.GNU_FORMAT),
    ("pax", tarfile.PAX_FORMAT),
]:
    with tarfile.open(HERE / f"{name}.tar", "w", format=format) as archive:
        length = 120 if name == "ustar" else 300
        for index in range(2):
            folder = tarfile.TarInfo("folder/" + "n" * (length // 2))
            folder.type = tarfile.DIRTYPE
            archive.addfile(folder)
            for extension, data in [("jpeg", f"image {index}"), ("cls", str(3 * index))]:
                member = tarfile.TarInfo(f"{folder.name}/{str(index) * (length // 2)}.{extension}")
                member.size = len(data)
                if name == "pax":
                    # A value with the byte that ends a record.
                    member.pax_headers = {"SCHILY.xattr.user.note": "of two\nlines"}
                archive.addfile(member, io.BytesIO(data.encode()))

writer = tfrecord.TFRecordWriter(str(HERE / "some-train.tfrecord-00000-of-00001"))
for index in range(3):
    image = (f"image {index}".encode(), "byte")
    name = (f"{index}.jpg".encode(), "byte")
    writer.write({"file_name": name, "image": image, "label": (3 * index, "int")})
writer.write({"image": (b"image 3", "byte"), "label": ([9, 10], "int"), "weight": (0.5, "float")})
writer.close()

# As the scripts of TensorFlow's slim models write ImageNet, whose classes count from 1.
writer = tfrecord.TFRecordWriter(str(HERE / "train-00000-of-00001"))
for index in range(2):
    image, colorspace = (f"image {index}".encode(), "byte"), (b"RGB", "byte")
    size = {"image/height": (1, "int"), "image/width": (1, "int")}
    text, synset = (b"tench", "byte"), (b"n01440764", "byte")
    label = {"image/class/label": (index + 1, "int"), "image/class/text": text, "image/class/synset": synset}
    writer.write({"image/encoded": image, "image/colorspace": colorspace, **size, **label})
writer.close()

"""Writes tests/data/parquet.

    pip install pyarrow
    python tests/data/parquet.py
"""

import pathlib

import pyarrow as pa
import pyarrow.parquet as pq

FOLDER = pathlib.Path(__file__).parent / "parquet"
ROWS = 23


def image(i):
    return b"image %d " % i * (3 + i % 5)


def write(name, columns, **how):
    pq.write_table(pa.table(columns), FOLDER / name, **how)


def structures(images):
    kind = pa.struct([("bytes", pa.binary()), ("path", pa.string())])
    return pa.array([{"bytes": i, "path": None} for i in images], kind)


images = [image(i) for i in range(ROWS)]
labels = pa.array([i % 7 for i in range(ROWS)], pa.int64())
# Several row groups, of several pages each, the first of them with a dictionary.
small = {"row_group_size": 10, "data_page_size": 100, "write_batch_size": 2}
write("structure.parquet", {"image": structures(images), "label": labels}, dictionary_pagesize_limit=150, **small)
write("indexed.parquet", {"image": structures(images), "label": labels}, write_page_index=True, use_dictionary=False, **small)
lists = pa.array([list(range(i % 4)) for i in range(ROWS)], pa.list_(pa.int32()))
missing = [None if i == 5 else image(i) for i in range(ROWS)]
write("lists.parquet", {"id": labels, "img": pa.array(missing, pa.binary()), "labels": lists}, compression="gzip",
      data_page_version="2.0", **small)
for compression in ["none", "snappy", "gzip", "brotli", "lz4", "zstd"]:
    write(f"{compression}.parquet", {"image": structures(images[:2]), "label": labels[:2]}, compression=compression)
kind = pa.struct([("coarse", pa.int32()), ("fine", pa.int32())])
both = pa.array([{"coarse": i % 2, "fine": i} for i in range(2)], kind)
write("named.parquet", {"picture": structures(images[:2]), "note": pa.array(["a", "b"]), "class": both})
write("negative.parquet", {"image": structures(images[:2]), "label": pa.array([0, -1], pa.int64())})
write("missing.parquet", {"image": structures(images[:2]), "label": pa.array([0, None], pa.int64())})

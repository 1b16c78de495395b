"""Writes tests/data/images: small files, and what TensorFlow makes of them.

    pip install pillow tensorflow-cpu
    python tests/data/images.py

Beside each image stand, as `.npy`, what evaluation takes of it (`-eval`: the shorter side made 12 by
"area", the centre of 8) and the whole of it made 8x8 by linear interpolation (`-whole`), both
(x / 255 - 0.5) / 0.5.
"""

import pathlib

import numpy as np
import tensorflow as tf
from PIL import Image, ImageDraw

FOLDER = pathlib.Path(__file__).parent / "images"
SIZE, RESIZE = 8, 12


def picture(width, height):
    """Slopes of colours, an ellipse, and a little noise: what JPEG keeps."""
    y, x = np.mgrid[:height, :width].astype(float)
    rows = [40 + 170 * x / width, 200 - 150 * y / height, 60 + 120 * (x + y) / (width + height)]
    image = Image.fromarray(np.stack(rows, -1).astype(np.uint8))
    corners = [width * 0.3, height * 0.2, width * 0.8, height * 0.7]
    ImageDraw.Draw(image).ellipse(corners, fill=(220, 190, 90))
    noise = np.random.default_rng(0).normal(0, 4, (height, width, 1))
    return Image.fromarray(np.clip(np.asarray(image) + noise, 0, 255).astype(np.uint8))


def write():
    rgb = picture(40, 30)
    rgb.save(FOLDER / "subsampled.jpg", quality=90, subsampling=2)
    rgb.save(FOLDER / "progressive.jpg", quality=90, subsampling=0, progressive=True)
    picture(21, 50).save(FOLDER / "tall.jpg", quality=90, subsampling=0)
    picture(5, 4).save(FOLDER / "tiny.jpg", quality=95, subsampling=0)
    rgb.convert("L").save(FOLDER / "grey.jpg", quality=90)
    rgb.convert("CMYK").save(FOLDER / "cmyk.jpg", quality=90)
    turned = Image.Exif()
    turned[0x0112] = 6
    rgb.save(FOLDER / "turned.jpg", quality=90, subsampling=0, exif=turned)
    rgb.save(FOLDER / "rgb.png")
    transparent = rgb.copy()
    alpha = np.linspace(0, 255, 40 * 30).reshape(30, 40).astype(np.uint8)
    transparent.putalpha(Image.fromarray(alpha))
    transparent.save(FOLDER / "transparent.png")
    rgb.quantize(16).save(FOLDER / "palette.png")
    deep = (np.asarray(rgb.convert("L")).astype(np.uint16) * 257)
    Image.fromarray(deep).save(FOLDER / "deep.png")


def expect(path):
    image = tf.io.decode_image(path.read_bytes(), channels=3, expand_animations=False)
    if path.suffix == ".jpg":
        image = tf.io.decode_jpeg(path.read_bytes(), channels=3, dct_method="INTEGER_ACCURATE")
    height, width, _ = image.shape
    ratio = RESIZE / min(height, width)
    sides = [round(height * ratio), round(width * ratio)]
    resized = tf.image.resize(image, sides, method="area")
    top, left = [(side - SIZE) // 2 for side in sides]
    whole = tf.image.resize(image, [SIZE, SIZE], method="bilinear")
    for kind, made in [("eval", resized[top:top + SIZE, left:left + SIZE]), ("whole", whole)]:
        numbers = (made.numpy() / 255 - 0.5) / 0.5
        np.save(FOLDER / f"{path.stem}-{kind}.npy", numbers.astype(np.float32))


write()
for path in sorted(FOLDER.glob("*.[jp][pn]g")):
    expect(path)

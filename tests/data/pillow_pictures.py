"""pillow_pictures.py FOLDER: pictures of all formats, and what Pillow makes of each as a data set would.

FOLDER/index.json lists for every picture: file, size, crop (top, left, height, width), flip, side. FILE.rgb holds the pixels of
convert('RGB'), FILE.crop those of the crop resized to side x side with the default filter, and flipped.
"""
import json
import pathlib
import random
import sys

import numpy as np
from PIL import Image, ImageOps

out = pathlib.Path(sys.argv[1])
rng = np.random.default_rng(11)
choose = random.Random(5)


def photo(height, width, channels=3):
    """Smooth shades with hard edges: what resizing and chroma differ on."""
    y, x = np.mgrid[0:height, 0:width]
    planes = [128 + 127 * np.sin(x / (7 + c) + y / (11 - c)) * np.cos(y / 17 + c) for c in range(channels)]
    picture = np.stack(planes, axis=2)
    for _ in range(5):
        top, left = rng.integers(0, height), rng.integers(0, width)
        picture[top : top + height // 4, left : left + width // 3] = rng.integers(0, 256, channels)
    return np.clip(picture + rng.normal(0, 4, picture.shape), 0, 255).astype("uint8")


rgb = Image.fromarray(photo(96, 131))
alpha = Image.fromarray(photo(96, 131, 4), "RGBA")
grey = rgb.convert("L")
deep = Image.fromarray((photo(60, 70, 1)[:, :, 0].astype("uint16") * 3))
palette = rgb.quantize(40)
small = Image.fromarray(photo(37, 19))

pictures = {
    "rgb.png": (rgb, {}),
    "small.png": (small, {}),
    "rgba.png": (alpha, {}),
    "la.png": (alpha.convert("LA"), {}),
    "grey.png": (grey, {}),
    "bits.png": (grey.convert("1"), {}),
    "palette.png": (palette, {}),
    "palette_transparent.png": (palette, {"transparency": 3}),
    "grey16.png": (deep, {}),
    "444.jpg": (rgb, {"quality": 92, "subsampling": 0}),
    "422.jpg": (rgb, {"quality": 85, "subsampling": 1}),
    "420.jpg": (rgb, {"quality": 85, "subsampling": 2}),
    "odd420.jpg": (small, {"quality": 70, "subsampling": 2}),
    "progressive.jpg": (rgb, {"quality": 80, "progressive": True}),
    "grey.jpg": (grey, {"quality": 80}),
    "cmyk.jpg": (rgb.convert("CMYK"), {"quality": 90}),
    "lossy.webp": (rgb, {"quality": 70}),
    "lossless.webp": (rgb, {"lossless": True}),
    "rgb.tif": (rgb, {}),
    "lzw.tif": (rgb, {"compression": "tiff_lzw"}),
    "deflate.tif": (rgb, {"compression": "tiff_adobe_deflate"}),
    "rgba.tif": (alpha, {}),
    "grey.tif": (grey, {}),
    "grey16.tif": (deep, {}),
    "palette.tif": (palette, {}),
    "bits.tif": (grey.convert("1"), {"compression": "group4"}),
    "reversible.jp2": (rgb, {"irreversible": False}),
    "irreversible.jp2": (rgb, {"irreversible": True, "quality_layers": [20]}),
    "rgba.jp2": (alpha, {"irreversible": False}),
    "grey.jp2": (grey, {"irreversible": False}),
    "rgb.ppm": (rgb, {}),
    "grey.pgm": (grey, {}),
    "rgb.bmp": (rgb, {}),
}

index = []
for name, (picture, options) in pictures.items():
    picture.save(out / name, **options)
    decoded = Image.open(out / name).convert("RGB")
    width, height = decoded.size
    if choose.random() < 0.4:  # beyond the picture
        crop = [choose.randint(-height, height // 2), choose.randint(-width, width // 2), choose.randint(1, 2 * height), choose.randint(1, 2 * width)]
    else:
        crop = [choose.randint(0, height // 2), choose.randint(0, width // 2), choose.randint(1, height // 2), choose.randint(1, width // 2)]
    side, flip = choose.choice([14, 56, 96, 224]), choose.random() < 0.5
    top, left, h, w = crop
    result = decoded.crop((left, top, left + w, top + h)).resize((side, side))
    result = ImageOps.mirror(result) if flip else result
    (out / f"{name}.rgb").write_bytes(decoded.tobytes())
    (out / f"{name}.crop").write_bytes(result.tobytes())
    index.append({"file": name, "width": width, "height": height, "crop": crop, "flip": flip, "side": side})
(out / "index.json").write_text(json.dumps(index))

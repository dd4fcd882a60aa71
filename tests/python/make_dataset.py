"""make_dataset.py ROOT: a small data set of 4M, made with tarfile, NumPy and Pillow alone, in both layouts:
ROOT/folder/<modality>/<class>/<name>.<ext> and ROOT/shards/<modality>/shard-0000{0,1}.tar. Prints nothing; the same every time."""
import io
import json
import pathlib
import sys
import tarfile

import numpy
from PIL import Image, ImageDraw

NUM_SAMPLES, NUM_CROPS = 8, 2
COLOURS = ["red", "green", "blue", "yellow", "purple", "orange", "white", "black"]
SHAPES = ["cube", "ball"]


def picture(i):
    """A shape on a ground, 240 + 10 i pixels wide; even samples are PNG, odd ones JPEG."""
    image = Image.new("RGB", (240 + 10 * i, 224), COLOURS[(i + 3) % 8])
    draw = ImageDraw.Draw(image)
    box = [60, 50, 180, 170]
    (draw.rectangle if i % 2 == 0 else draw.ellipse)(box, fill=COLOURS[i])
    out = io.BytesIO()
    image.save(out, "PNG" if i % 2 == 0 else "JPEG", **({} if i % 2 == 0 else {"quality": 95}))
    return ("png" if i % 2 == 0 else "jpg"), out.getvalue()


def array(values):
    out = io.BytesIO()
    numpy.save(out, values)
    return out.getvalue()


def grid(i, modality, vocabulary):
    """(crops, 196) ids that tell sample, modality and crop."""
    cells = numpy.arange(196)
    return numpy.stack([(cells * 7 + 131 * i + 1009 * modality + 17 * crop) % vocabulary for crop in range(NUM_CROPS)]).astype(numpy.int16)


def sample(i):
    """modality -> (extension, bytes)"""
    colour, shape = COLOURS[i], SHAPES[i % 2]
    captions = [f"a {colour} {shape} on the floor", f"a close look at a {colour} {shape}"]
    boxes = {"instances": [{"boxes": [0.25, 0.25, 0.75, 0.75], "class_name": shape, "score": 0.9},
                           {"boxes": [0.1, 0.1, 0.2, 0.2], "class_name": "speck", "score": 0.3}]}
    metadata = {"original_width": 240 + 10 * i, "original_height": 224, "brightness": 12.5 * i, "caption_n_words": 6}
    return {
        "rgb": picture(i),
        "tok_rgb@224": ("npy", array(grid(i, 0, 16384))),
        "tok_depth@224": ("npy", array(grid(i, 1, 8192))),
        "crop_settings": ("npy", array(numpy.array([[0, 4 * i, 224, 224, 0], [10, 0, 200, 200, 1]], dtype=numpy.int64))),
        "caption": ("json", json.dumps(captions).encode()),
        "det": ("json", json.dumps(boxes).encode()),
        "metadata": ("json", json.dumps(metadata).encode()),
    }


def add(tar, name, content):
    info = tarfile.TarInfo(name)
    info.size = len(content)
    tar.addfile(info, io.BytesIO(content))


def make_dataset(root):
    root = pathlib.Path(root)
    samples = [sample(i) for i in range(NUM_SAMPLES)]
    for modality in samples[0]:
        for i, files in enumerate(samples):
            extension, content = files[modality]
            path = root / "folder" / modality / SHAPES[i % 2] / f"{COLOURS[i]}.{extension}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        (root / "shards" / modality).mkdir(parents=True, exist_ok=True)
        for shard in range(2):
            with tarfile.open(root / "shards" / modality / f"shard-{shard:05}.tar", "w") as tar:
                for i in range(shard * NUM_SAMPLES // 2, (shard + 1) * NUM_SAMPLES // 2):
                    extension, content = samples[i][modality]
                    add(tar, f"{i:06}.{extension}", content)


if __name__ == "__main__":
    make_dataset(sys.argv[1])

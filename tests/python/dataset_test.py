"""dataset_test.py MASKSCOPE: a data set made with Python's own libraries, read by the program in both layouts, sample by
sample; then with a file and a shard gone."""
import json
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import make_dataset as made

PROGRAM = sys.argv[1]


def mask(data, sample, *options):
    done = subprocess.run([PROGRAM, "mask", "--data", str(data), "--sample", str(sample), *options], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{data}, sample {sample}: {done.stderr}"
    return json.loads(done.stdout)


def check(condition, what, found):
    assert condition, f"{what}: found {found!r}"


def check_sample(masks, i, row):
    modalities = masks["modalities"]
    colour, shape = made.COLOURS[i], made.SHAPES[i % 2]
    caption = [f"a {colour} {shape} on the floor", f"a close look at a {colour} {shape}"][row]
    check(modalities["caption"]["text"] == caption, f"caption of {i}", modalities["caption"]["text"])
    for number, name, vocabulary in ((0, "tok_rgb@224", 16384), (1, "tok_depth@224", 8192)):
        ids = made.grid(i, number, vocabulary)[row].tolist()
        check(modalities[name]["tensor"] == ids, f"{name} of {i}, row {row}", modalities[name]["tensor"][:5])
    check(len(modalities["rgb@224"]["tensor"]) == 196 and modalities["rgb@224"].get("is_present", True), "rgb@224", modalities["rgb@224"])
    crop = masks["crop"]
    wanted = [0, 4 * i, 224, 224, False] if row == 0 else [10, 0, 200, 200, True]
    found = [crop["top"], crop["left"], crop["height"], crop["width"], crop["is_flipped"]]
    check(crop["row"] == row and found == wanted, f"crop of {i}", crop)
    check(modalities["det"]["text"].startswith("v0=") and modalities["det"]["text"].endswith(f" {shape}"), f"det of {i}", modalities["det"]["text"])
    check("speck" not in modalities["det"]["text"], "a detection of score 0.3 is dropped", modalities["det"]["text"])
    chunks = modalities["metadata"]["text"].count("v1=")
    check(chunks == 4, f"metadata of {i}", modalities["metadata"]["text"])
    budgets = [sum(1 for bit in modality["input_mask"] if bit == 0) for modality in modalities.values()]
    check(0 < sum(budgets) <= 128, "tokens that are input", budgets)
    check(masks["data_problems"] == [], f"problems of {i}", masks["data_problems"])


with tempfile.TemporaryDirectory() as scratch:
    root = pathlib.Path(scratch)
    made.make_dataset(root)
    folder_order = sorted(range(made.NUM_SAMPLES), key=lambda i: (made.SHAPES[i % 2], made.COLOURS[i]))
    for place, i in enumerate(folder_order):
        masks = mask(root / "folder", place, "--split", "validation")
        check(masks["key"] == f"{made.SHAPES[i % 2]}/{made.COLOURS[i]}", "key", masks["key"])
        check_sample(masks, i, 0)
    rows = set()
    for i in range(made.NUM_SAMPLES):
        by_number = mask(root / "shards", i, "--split", "validation")
        check(by_number["key"] == f"{i:06}", "key", by_number["key"])
        check_sample(by_number, i, 0)
        by_key = mask(root / "shards", f"{i:06}", "--split", "validation")
        check(by_key == by_number, "by key as by number", by_key["sample"])
        training = mask(root / "shards", i, "--seed", "5")
        rows.add(training["crop"]["row"])
        check_sample(training, i, training["crop"]["row"])
    check(rows == {0, 1}, "training draws crops", rows)
    notation = mask(f"{root}/shards/[caption,rgb]/shard-{{00000..00001}}.tar", 6)
    check(sorted(notation["modalities"]) == ["caption", "rgb@224"] and notation["key"] == "000006", "notation", notation["key"])

    # A file that is gone, and a shard.
    (root / "folder" / "caption" / "ball" / "green.json").unlink()
    masks = [mask(root / "folder", n) for n in range(made.NUM_SAMPLES)]
    gone = [m for m in masks if m["key"] == "ball/green"]
    check(len(gone) == 1 and gone[0]["modalities"]["caption"]["is_present"] is False, "the sample stays, without its caption", [m["key"] for m in masks])
    check(any(p["modality"] == "caption" or "caption" in p["sentence"] for p in gone[0]["data_problems"]), "it is said", gone[0]["data_problems"])
    check(any(p["reference"] for p in gone[0]["data_problems"]), "what the reference does is said", gone[0]["data_problems"])
    (root / "shards" / "det" / "shard-00001.tar").unlink()
    missing = mask(root / "shards", "000005")
    check(missing["modalities"]["det"]["is_present"] is False, "det of a shard that is gone", missing["modalities"]["det"])
    check(any("shard-00001" in p["file"] + p["sentence"] for p in missing["data_problems"] if p["file"]), "it is said", missing["data_problems"])

print("dataset_test: 8 samples in both layouts, by number and key, training and validation")

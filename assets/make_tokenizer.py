#!/usr/bin/env python3
"""Makes tokenizer.json: the WordPiece vocabulary maskscope brings along.

    make_tokenizer.py [--words /usr/share/dict/american-english] [-o tokenizer.json]

Input: the word list of Debian's package wamerican 2020.12.07 (SCOWL; licence in README.md) and common_words.txt beside
this script. Needs Python's standard library only; the same input gives the same bytes. Layout, as 4M's tokenizer:

    0-3        [PAD] [UNK] [SOS] [EOS]
    4-203      [S_0] .. [S_199]
    204-4203   v0=0 .. v0=999, v1=0 .., v2=0 .., v3=0 .. v3=999
    4204-4283  the 80 class names of COCO, sorted
    4284-      single characters, their continuing forms, then pieces as they were learnt

How pieces are learnt: byte-pair merges (the pair of neighbouring pieces that occurs most often becomes a piece) over
the word list. A word list says nothing about how often a word is used, so words of common_words.txt weigh most, words
made from them by a usual ending less, all others by their shortness. Common words that no merge completed are added
at the end of the learning, so that each is a single piece.
"""
import argparse
import collections
import hashlib
import heapq
import json
import pathlib
import sys
import unicodedata

HERE = pathlib.Path(__file__).resolve().parent
WORD_LIST_SHA256 = "9f513f1ceadb6a01c5485b7dbdfd5118dc66cd70b59cae2851292112d4066a32"
VOCAB_SIZE = 14336

COCO_CLASSES = """airplane,apple,backpack,banana,baseball bat,baseball glove,bear,bed,bench,bicycle,bird,boat,book,bottle,
bowl,broccoli,bus,cake,car,carrot,cat,cell phone,chair,clock,couch,cow,cup,dining table,dog,donut,elephant,fire hydrant,
fork,frisbee,giraffe,hair drier,handbag,horse,hot dog,keyboard,kite,knife,laptop,microwave,motorcycle,mouse,orange,oven,
parking meter,person,pizza,potted plant,refrigerator,remote,sandwich,scissors,sheep,sink,skateboard,skis,snowboard,spoon,
sports ball,stop sign,suitcase,surfboard,teddy bear,tennis racket,tie,toaster,toilet,toothbrush,traffic light,train,truck,
tv,umbrella,vase,wine glass,zebra""".replace("\n", "").split(",")

# The ideographs of everyday Chinese, and those a caption needs.
IDEOGRAPHS = """的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如
都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体
政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数
安少报才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据
程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运笔画图片红绿蓝黄黑紫橙灰方球圆锥环柱立方体影子背景深浅左右旁猫狗鸟鱼树花草车船房屋桌椅床灯窗街桥
山河湖云雨雪风太阳亮星夜早晚春夏秋冬男孩穿坐站跑跳骑吃喝玩笑拿举抱杯盘碗刀叉瓶苹果香蕉蛋糕面包披萨雨伞帽衣服鞋手机脑键盘"""

OTHER_LETTERS = ("ßæøđðþłıħœŋαβγδεζηθικλμνξοπρσςτυφχψωабвгдежзийклмнопрстуфхцчшщъыьэюяєіђјљњћџґ"
                 "אבגדהוזחטיךכלםמןנסעףפץצקרשתءابتثجحخدذرزسشصضطظعغفقكلمنهوىي"
                 "ぁあぃいぅうぇえぉおかきくけこさしすせそたちっつてとなにぬねのはひふへほまみむめもゃやゅゆょよらりるれろわをん"
                 "ァアィイゥウェエォオカキクケコサシスセソタチッツテトナニヌネノハヒフヘホマミムメモャヤュユョヨラリルレロワヲンー")
HANGUL_JAMO = [*range(0x1100, 0x1113), *range(0x1161, 0x1176), *range(0x11A8, 0x11C3)]
OTHER_PUNCTUATION = "¡§«¶·»¿–—‘’‚“”„†‡•…‰′″‹›、。《》「」『』【】〈〉〔〕！（），．：；？［］～"
OTHER_SYMBOLS = "¢£¤¥¦©®°±²³¹µ¼½¾×÷€₹₽™←↑→↓↔⇒∀∂∃∅∆∇∈∏∑−√∞∠∩∪∫≈≡≤≥■□▲▶▼◀◆○●★☆♀♂♠♣♥♦♪✓✔✗❤"


def nfd_without_marks(text):
    return "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn").lower()


def single_characters():
    """(starting characters, characters that can also continue a word), each in the form normalization leaves."""
    ascii_letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    ascii_marks = "".join(chr(c) for c in range(0x21, 0x7F) if not chr(c).isalnum())
    letters = nfd_without_marks(ascii_letters + OTHER_LETTERS) + "".join(map(chr, HANGUL_JAMO))
    isolated = ascii_marks + OTHER_PUNCTUATION + nfd_without_marks(IDEOGRAPHS.replace("\n", ""))
    continuing = sorted(set(letters) | set(OTHER_SYMBOLS))
    return sorted(set(isolated) | set(continuing)), continuing


def read_common_words():
    words = []
    for line in (HERE / "common_words.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            words += line.split()
    return list(dict.fromkeys(words))


def read_word_list(path):
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != WORD_LIST_SHA256:
        sys.exit(f"{path}: not the word list tokenizer.json was made from (wamerican 2020.12.07). "
                 "Name that list with --words, or change WORD_LIST_SHA256 and accept other pieces.")
    words = set()
    for word in data.decode("utf-8").splitlines():
        word = nfd_without_marks(word.removesuffix("'s"))
        if word.isalpha() and word.isascii():
            words.add(word)
    return words


def inflections(word):
    yield from (word + "s", word + "es", word + "ed", word + "ing", word + "er", word + "ly", word + "y")
    if word.endswith("e"):
        yield from (word + "d", word[:-1] + "ing", word + "r")
    if word.endswith("y"):
        yield from (word[:-1] + "ies", word[:-1] + "ied", word[:-1] + "ily")
    yield from (word + word[-1] + "ing", word + word[-1] + "ed")


def weigh(common, word_list):
    weights = {word: max(1, 14 - len(word)) for word in word_list}
    for word in common:
        for form in inflections(word):
            if form in word_list:
                weights[form] = 120
    for word in common:
        weights[word] = 1000
    return weights


def learn_merges(weights, num_pieces, known):
    """num_pieces pieces that are not in known, in the order in which merges made them."""
    words = sorted(weights)
    weight = [weights[w] for w in words]
    parts = [[w[0]] + ["##" + c for c in w[1:]] for w in words]
    count = collections.Counter()
    where = collections.defaultdict(set)
    for index, pieces in enumerate(parts):
        for pair in zip(pieces, pieces[1:]):
            count[pair] += weight[index]
            where[pair].add(index)
    heap = [(-n, pair) for pair, n in count.items()]
    heapq.heapify(heap)

    learnt = []
    while heap and len(learnt) < num_pieces:
        negative, pair = heapq.heappop(heap)
        if -negative != count[pair] or count[pair] <= 0:
            continue  # an old entry: the pair's count has changed since
        merged = pair[0] + pair[1].removeprefix("##")
        changed = set()
        for index in sorted(where.pop(pair)):
            old = parts[index]
            new = []
            i = 0
            while i < len(old):
                if i + 1 < len(old) and (old[i], old[i + 1]) == pair:
                    new.append(merged)
                    i += 2
                else:
                    new.append(old[i])
                    i += 1
            for each in zip(old, old[1:]):
                count[each] -= weight[index]
                changed.add(each)
            for each in zip(new, new[1:]):
                count[each] += weight[index]
                where[each].add(index)
                changed.add(each)
            parts[index] = new
        count.pop(pair, None)
        changed.discard(pair)
        for each in sorted(changed):
            if count[each] > 0:
                heapq.heappush(heap, (-count[each], each))
        if merged not in known:
            known.add(merged)
            learnt.append(merged)
    return learnt


def make_vocabulary(word_list):
    special = ["[PAD]", "[UNK]", "[SOS]", "[EOS]"]
    words = [f"[S_{k}]" for k in range(200)] + [f"v{d}={n}" for d in range(4) for n in range(1000)]
    vocabulary = special + words + COCO_CLASSES
    num_added = len(vocabulary)
    starting, continuing = single_characters()
    vocabulary += starting + ["##" + c for c in continuing]

    common = read_common_words()
    known = set(vocabulary)
    # Merges complete nearly all common words by themselves; the last merges make room for the others.
    weights = weigh(common, word_list)
    learnt = learn_merges(weights, VOCAB_SIZE - len(vocabulary), set(known))
    while True:
        left_out = [word for word in common if word not in known and word not in set(learnt)]
        surplus = len(vocabulary) + len(learnt) + len(left_out) - VOCAB_SIZE
        if surplus <= 0:
            break
        learnt = learnt[:-surplus]
    return vocabulary + learnt + left_out, num_added


def added_token(index, content):
    return {"id": index, "content": content, "single_word": index >= 4, "lstrip": False, "rstrip": False,
            "normalized": index >= 4204, "special": True}


def write(path, vocabulary, num_added):
    compact = {"ensure_ascii": False, "separators": (",", ":")}
    added = ",\n".join(json.dumps(added_token(i, c), **compact) for i, c in enumerate(vocabulary[:num_added]))
    pieces = ",\n".join(f"{json.dumps(piece, **compact)}:{i}" for i, piece in enumerate(vocabulary))
    normalizer = {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None,
                  "lowercase": True}
    decoder = {"type": "WordPiece", "prefix": "##", "cleanup": True}
    text = (
        '{\n"version":"1.0",\n"truncation":null,\n"padding":null,\n"added_tokens":[\n' + added + "\n],\n"
        + '"normalizer":' + json.dumps(normalizer, **compact) + ",\n"
        + '"pre_tokenizer":{"type":"BertPreTokenizer"},\n"post_processor":null,\n'
        + '"decoder":' + json.dumps(decoder, **compact) + ",\n"
        + '"model":{\n"type":"WordPiece",\n"unk_token":"[UNK]",\n"continuing_subword_prefix":"##",\n'
        + '"max_input_chars_per_word":100,\n"vocab":{\n' + pieces + "\n}\n}\n}\n")
    json.loads(text)
    path.write_text(text, encoding="utf-8", newline="\n")


def main():
    parser = argparse.ArgumentParser(description="Makes maskscope's own tokenizer.json.")
    parser.add_argument("--words", type=pathlib.Path, default=pathlib.Path("/usr/share/dict/american-english"))
    parser.add_argument("-o", "--output", type=pathlib.Path, default=HERE / "tokenizer.json")
    arguments = parser.parse_args()
    vocabulary, num_added = make_vocabulary(read_word_list(arguments.words))
    assert len(vocabulary) == len(set(vocabulary)) == VOCAB_SIZE and num_added == 4284
    write(arguments.output, vocabulary, num_added)


if __name__ == "__main__":
    main()

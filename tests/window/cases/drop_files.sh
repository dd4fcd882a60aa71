# An image, a text and a tokenizer dropped on the window become the inputs; what cannot be read keeps them.
start_display 1600x900
start_program
cd "$work"
{
  printf 'P6\n64 48\n255\n'
  head -c 9216 /dev/zero | tr '\0' 'p'
} > "a photo.ppm"
printf 'a purple field under nothing at all\n' > sentence.txt
cp "$MASKSCOPE_SOURCE/assets/tokenizer.json" another_tokenizer.json
printf 'this is no picture\n' > broken.png

drop "a photo.ppm"
until_holds /inputs/image "a photo.ppm"
drop sentence.txt
until_holds /inputs/text "a purple field"
drop another_tokenizer.json
until_holds /inputs/tokenizer another_tokenizer.json

drop broken.png
until_holds /status broken.png
holds /inputs/image "a photo.ppm" || fail "a broken picture displaced the good one"

printf 'two files at once\n' > second.txt
cp "a photo.ppm" second.ppm
drop second.txt second.ppm
until_holds /inputs/text "two files at once"
until_holds /inputs/image second.ppm
is_alive $program || fail "the program is gone"

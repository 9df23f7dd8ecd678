"""What happens to a picture in ordinary use: it is made smaller, coded again, cut, captioned, turned."""

from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

Change = Callable[[Image.Image], Image.Image]


def resized(share: float) -> Change:
    return lambda picture: picture.resize(
        (max(round(picture.width * share), 8), max(round(picture.height * share), 8)), Image.Resampling.LANCZOS
    )


def coded_again(quality: int) -> Change:
    def change(picture: Image.Image) -> Image.Image:
        stream = BytesIO()
        picture.save(stream, "JPEG", quality=quality)
        return Image.open(stream).convert("RGB")

    return change


def blurred(share_of_side: float) -> Change:
    return lambda picture: picture.filter(ImageFilter.GaussianBlur(share_of_side * max(picture.size)))


def contrast(factor: float) -> Change:
    return lambda picture: ImageEnhance.Contrast(picture).enhance(factor)


def brightness(factor: float) -> Change:
    return lambda picture: ImageEnhance.Brightness(picture).enhance(factor)


def grey(picture: Image.Image) -> Image.Image:
    return picture.convert("L").convert("RGB")


def captioned(share_of_height: float) -> Change:
    """A white band with a line of text over the lower edge."""

    def change(picture: Image.Image) -> Image.Image:
        changed, high = picture.copy(), round(picture.height * share_of_height)
        pen = ImageDraw.Draw(changed)
        pen.rectangle((0, picture.height - high, picture.width, picture.height), fill="white")
        middle = (picture.width / 2, picture.height - high / 2)
        pen.text(middle, "text-3 text-3 text-3", fill="black", anchor="mm", font_size=max(high * 0.6, 6))
        return changed

    return change


def cropped(share: float) -> Change:
    """Of width and height together, half from each side."""

    def change(picture: Image.Image) -> Image.Image:
        across, down = round(picture.width * share / 2), round(picture.height * share / 2)
        return picture.crop((across, down, picture.width - across, picture.height - down))

    return change


def turned(picture: Image.Image) -> Image.Image:
    return picture.transpose(Image.Transpose.ROTATE_90)


VARIANTS: dict[str, Change] = {
    "half the size": resized(0.5),
    "a quarter of the size": resized(0.25),
    "JPEG, quality 90": coded_again(90),
    "JPEG, quality 70": coded_again(70),
    "JPEG, quality 50": coded_again(50),
    "JPEG, quality 30": coded_again(30),
    "JPEG, quality 10": coded_again(10),
    "blur, 0.2 % of the side": blurred(0.002),
    "blur, 0.5 % of the side": blurred(0.005),
    "contrast x 0.7": contrast(0.7),
    "contrast x 1.3": contrast(1.3),
    "brightness x 1.2": brightness(1.2),
    "grey": grey,
    "caption over 8 % of the height": captioned(0.08),
    "crop of 5 %": cropped(0.05),
    "rotation by 90 degrees": turned,
}

"""The picture that an image-to-image request starts from. The file may be anything: it is opened as PNG or JPEG alone, within limits."""

from PIL import Image, ImageOps

from failures import BadInput

MAX_PIXELS = 4096 * 4096
REMEDY = "Import the pictures again; they have to be whole PNG or JPEG files of at most %d pixels." % MAX_PIXELS


def read_picture(path, width, height):
    """An RGB image of width x height pixels: turned as its camera says, on white, cut around its center to the sides' ratio. Raises BadInput."""
    try:
        with Image.open(path, formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise BadInput("The input picture has %d x %d pixels" % picture.size, REMEDY)
            picture.load()
            upright = ImageOps.exif_transpose(picture)
            return ImageOps.fit(on_white(upright), (width, height), Image.LANCZOS)
    except BadInput:
        raise
    except FileNotFoundError:
        # Not the request's fault: another try, with the picture sent again, may work.
        raise RuntimeError("The input picture is not on this node") from None
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - a decoder fails in many ways, and each means that the file is no picture
        raise BadInput("The input picture can't be read: %s" % error, REMEDY) from error


def on_white(picture):
    if picture.mode not in ("RGBA", "LA", "PA") and "transparency" not in picture.info:
        return picture.convert("RGB")
    layered = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layered.size, "white"), layered).convert("RGB")

"""Sampling images between their pixels, compiled: NumPy would need a dozen passes over memory."""

from ..convolution.compilation import kernel


@kernel
def warp(images, affine, field, replicate, out):
    """Write out[b, c, p] = images[b, c, q] with q = A_b p + a_b + field[b, :, p].

    A value between four pixels is that of straight lines, along one axis and then along the other (bilinear).

    Parameters
    ----------
    images, out : array (B, C, H, W), float32 or float64
        Two of the same dtype, in C order.
    affine : array of float64 (B, 2, 3)
        A_b and a_b side by side, in pixels, rows first.
    field : array (B, 2, H, W), or (0, 2, H, W) for none
        Displacements in pixels, those along the columns of pixels (down) first.
    replicate : bool
        Beyond its border an image goes on as it ends; else it is zero there.
    """
    n, channels, height, width = images.shape
    one = images.dtype.type(1)
    for b in range(n):
        for i in range(height):
            for j in range(width):
                y = affine[b, 0, 0] * i + affine[b, 0, 1] * j + affine[b, 0, 2]
                x = affine[b, 1, 0] * i + affine[b, 1, 1] * j + affine[b, 1, 2]
                if field.shape[0] != 0:
                    y += field[b, 0, i, j]
                    x += field[b, 1, i, j]
                # nan fails every comparison: it must never become an index
                if replicate:
                    y = 0.0 if y < 0 else (y if y < height - 1 else height - 1.0)
                    x = 0.0 if x < 0 else (x if x < width - 1 else width - 1.0)
                elif not (-1 < y < height and -1 < x < width):
                    for c in range(channels):
                        out[b, c, i, j] = 0
                    continue
                top, left = int(y + 1) - 1, int(x + 1) - 1  # the floor of what is above -1
                down, right = images.dtype.type(y - top), images.dtype.type(x - left)
                inside = top >= 0 and left >= 0 and top + 1 < height and left + 1 < width
                for c in range(channels):
                    if inside:
                        upper = images[b, c, top, left] * (one - right) + images[b, c, top, left + 1] * right
                        lower = images[b, c, top + 1, left] * (one - right) + images[b, c, top + 1, left + 1] * right
                        out[b, c, i, j] = upper * (one - down) + lower * down
                    else:
                        value = images.dtype.type(0)
                        for row in range(max(top, 0), min(top + 2, height)):
                            weight = down if row > top else one - down
                            for column in range(max(left, 0), min(left + 2, width)):
                                value += weight * (right if column > left else one - right) * images[b, c, row, column]
                        out[b, c, i, j] = value


@kernel
def play(sounds, speed, delay, out):
    """Write out[b, m] = sounds[b, q] with q = c + (m − c − delay_b)·speed_b, c the middle: a tape at another speed.

    Parameters
    ----------
    sounds, out : array (B, N), float32 or float64
        Two of the same dtype. Between two samples the value is that of a straight line; outside they are zero.
    speed, delay : array of float64 (B,)
        Samples of the old sound per sample of the new one, and by how many samples it comes later.
    """
    n = sounds.shape[1]
    middle = 0.5 * (n - 1)
    one = sounds.dtype.type(1)
    for b in range(sounds.shape[0]):
        x, y = sounds[b], out[b]
        rate, start = speed[b], middle - (middle + delay[b]) * speed[b]
        for m in range(n):
            q = start + m * rate
            if q >= 0 and q < n - 1:  # nan fails both
                left = int(q)
                right = sounds.dtype.type(q - left)
                y[m] = x[left] * (one - right) + x[left + 1] * right
            elif q == n - 1:
                y[m] = x[n - 1]
            else:
                y[m] = 0

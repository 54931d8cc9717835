/* Pictures that a layout is drawn for, and the parts of them that stay in sight. */

export const FORMATS = {
  wide: { label: "16:9", width: 1920, height: 1080 },
  tall: { label: "9:16", width: 1080, height: 1920 },
  old: { label: "4:3", width: 1440, height: 1080 },
};

const SAFE = 0.035; // of each side: what television sets and players never cut off (EBU R 95)

const areaOf = ({ width, height }) => ({ left: 0, top: 0, right: width, bottom: height });

export const area = (format) => areaOf(FORMATS[format]);

function inset({ left, top, right, bottom }, share) {
  const [x, y] = [(right - left) * share, (bottom - top) * share];
  return { left: left + x, top: top + y, right: right - x, bottom: bottom - y };
}

/** The largest part of the picture in the middle that has the other format. */
export function crop(format, other) {
  const { width, height } = FORMATS[format];
  const ratio = FORMATS[other].width / FORMATS[other].height;
  const [w, h] = width / height > ratio ? [height * ratio, height] : [width, width / ratio];
  return { left: (width - w) / 2, top: (height - h) / 2, right: (width + w) / 2, bottom: (height + h) / 2 };
}

/** The safe area of a format, in the picture itself or in what a cut to another format leaves of it. */
export const safeArea = (format, seenAs = format) => inset(seenAs === format ? area(format) : crop(format, seenAs), SAFE);

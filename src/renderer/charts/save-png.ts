/** Offers a chart as a picture of the pixels on screen, on the page's ground with its title above. */
export function savePng(canvas: HTMLCanvasElement, { title, fileName }: { title: string; fileName: string }): void {
  const ratio = canvas.clientWidth > 0 ? canvas.width / canvas.clientWidth : 1;
  const style = getComputedStyle(document.documentElement);
  const titlePx = 28 * ratio;
  const sheet = document.createElement('canvas');
  sheet.width = canvas.width;
  sheet.height = canvas.height + titlePx;
  const context = sheet.getContext('2d');
  if (!context) return;
  context.fillStyle = style.getPropertyValue('--surface').trim();
  context.fillRect(0, 0, sheet.width, sheet.height);
  context.fillStyle = style.getPropertyValue('--ink').trim();
  context.font = `600 ${14 * ratio}px ${getComputedStyle(document.body).fontFamily}`;
  context.fillText(title, 8 * ratio, 19 * ratio);
  context.drawImage(canvas, 0, titlePx);
  sheet.toBlob((blob) => {
    if (blob) downloadBlob(`${fileName}.png`, blob);
  }, 'image/png');
}

function downloadBlob(fileName: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(url);
}

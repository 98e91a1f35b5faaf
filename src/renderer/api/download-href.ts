/** Saves what is at an address of the program under the name that it is sent with, as a click on a link to it would. */
export function downloadHref(href: string): void {
  const link = document.createElement('a');
  link.href = href;
  link.download = '';
  link.click();
}

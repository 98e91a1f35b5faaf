/** What is shown of images, by the SHA-256 of the original; an image that is not there is said to be missing. */
export type ReportPictures = ReadonlyMap<string, ReportPicture>;

/** HTML takes WebP, which is smaller; PDF and LaTeX take JPEG. */
export interface ReportPicture {
  mediaType: 'image/webp' | 'image/jpeg';
  bytes: Uint8Array;
}

/** What is shown of images, by the SHA-256 of the original; an image that is not there is said to be missing. */
export type ReportPictures = ReadonlyMap<string, { mediaType: 'image/webp' | 'image/png' | 'image/jpeg'; bytes: Uint8Array }>;

// Where images lie in the data folder. Paths are made of validated hashes only, never of a name that came from outside.
import { join } from 'node:path';

const SHA256 = /^[0-9a-f]{64}$/;

export function isSha256(text: string): boolean {
  return SHA256.test(text);
}

function fanOut(dataDir: string, area: 'images' | 'thumbnails', sha256: string, extension: string): string {
  if (!isSha256(sha256)) throw new Error('An image path was asked for something that is no SHA-256');
  return join(dataDir, area, sha256.slice(0, 2), `${sha256}.${extension}`);
}

/** `images/ab/abcd....png` */
export function imageFilePath(dataDir: string, sha256: string, mediaType: 'image/png' | 'image/jpeg'): string {
  return fanOut(dataDir, 'images', sha256, mediaType === 'image/png' ? 'png' : 'jpg');
}

/** `pictures/ab/abcd...`: what an image is made of, of whatever kind. */
export function pictureFilePath(dataDir: string, sha256: string): string {
  if (!isSha256(sha256)) throw new Error('A picture path was asked for something that is no SHA-256');
  return join(dataDir, 'pictures', sha256.slice(0, 2), sha256);
}

/** Of a small picture: WebP for screens, JPEG for documents that take no WebP. */
export const THUMBNAIL_KINDS = ['webp', 'jpg'] as const;
export type ThumbnailKind = (typeof THUMBNAIL_KINDS)[number];

/** `thumbnails/ab/abcd....webp` */
export function thumbnailFilePath(dataDir: string, sha256: string, kind: ThumbnailKind = 'webp'): string {
  return fanOut(dataDir, 'thumbnails', sha256, kind);
}

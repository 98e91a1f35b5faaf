// What the core and its thumbnail process say to each other.

export interface ThumbnailJob {
  id: number;
  /** Absolute paths; the child writes beside `targetPath` and renames. */
  sourcePath: string;
  targetPath: string;
  /** Longest side. */
  sidePx: number;
}

export interface ThumbnailReply {
  id: number;
  /** Null when the thumbnail is there. */
  problem: string | null;
}

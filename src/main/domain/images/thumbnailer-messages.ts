// What the core and its thumbnail process say to each other.

export interface ThumbnailJob {
  id: number;
  /** Absolute paths; the child writes beside `targetPath` and renames. Its ending says the kind: `.webp` or `.jpg`. */
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

/** The thumbnail process as the core sees it; starts with the first picture. */
export interface Thumbnailer {
  /** Resolves when the thumbnail lies at `targetPath`. Throws `io` when it can't be made, `cancelled` after `close`. */
  make(sourcePath: string, targetPath: string): Promise<void>;
  /** Ends the process and gives up what waits. */
  close(): Promise<void>;
}

/** A document ready to be written or downloaded. */
export interface ExportedDocument<Body extends string | Uint8Array = string> {
  fileName: string;
  mediaType: string;
  body: Body;
}

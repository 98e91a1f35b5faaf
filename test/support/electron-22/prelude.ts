// What Electron 22 (Node.js 16) lacks of what the desktop's main process uses today, put in before it. Bundled in front of
// src/main/index.ts by bundle-program.ts; nothing of the product is changed. Only for tests.
/* eslint-disable @typescript-eslint/no-deprecated -- What later Electrons gave up is all that this one has. */
import 'core-js/actual/index.js';
import diagnosticsChannel from 'node:diagnostics_channel';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { app, protocol, safeStorage, session } from 'electron';
import type { ProtocolRequest, ProtocolResponse } from 'electron';
import { Headers, Request, Response } from 'undici';

Object.assign(globalThis, { Headers, Request, Response, ReadableStream });

/** Adds what is missing, and leaves what is there. */
function complete(target: object, additions: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(additions)) if (!(name in target)) Object.assign(target, { [name]: value });
}

complete(Readable, {
  fromWeb: (stream: AsyncIterable<Uint8Array>) => Readable.from(stream, { objectMode: false }),
  toWeb(stream: Readable) {
    const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
    return new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: () => void stream.destroy(),
    });
  },
});

// No one traces here; the log's library asks all the same.
complete(diagnosticsChannel, { tracingChannel: () => ({ hasSubscribers: false }) });

/** The body of a page's request, which this Electron hands over in pieces of three kinds. */
async function* readUpload(pieces: NonNullable<ProtocolRequest['uploadData']>): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    if (piece.blobUUID) yield await session.defaultSession.getBlobData(piece.blobUUID);
    else if (piece.file) yield* createReadStream(piece.file) as AsyncIterable<Buffer>;
    else if (piece.bytes.length > 0) yield piece.bytes;
  }
}

function toRequest({ url, method, headers, uploadData }: ProtocolRequest): Request {
  return new Request(url, { method, headers, ...(uploadData && { body: readUpload(uploadData), duplex: 'half' as const }) });
}

function toProtocolResponse({ status, headers, body }: Response): ProtocolResponse {
  const data = Readable.from(body ?? [], { objectMode: false });
  return { statusCode: status, headers: Object.fromEntries(headers), data };
}

type Handler = (request: Request) => Response | Promise<Response>;
const NET_FAILED = -2;
complete(protocol, {
  handle: (scheme: string, handler: Handler) =>
    protocol.registerStreamProtocol(scheme, (request, answer) => {
      Promise.resolve(toRequest(request))
        .then(handler)
        .then((response) => answer(toProtocolResponse(response)))
        .catch(() => answer({ error: NET_FAILED }));
    }),
});

complete(safeStorage, {
  // This Electron does not say what it protects with; nothing that it seals may pass for protected.
  getSelectedStorageBackend: () => 'basic_text',
  isAsyncEncryptionAvailable: async () => safeStorage.isEncryptionAvailable(),
  encryptStringAsync: async (text: string) => safeStorage.encryptString(text),
  decryptStringAsync: async (sealed: Buffer) => ({ result: safeStorage.decryptString(sealed), shouldReEncrypt: false }),
});

// Later Electrons tell a navigation by fields of its event, this one by arguments beside it.
const NAVIGATIONS = ['will-navigate', 'will-redirect', 'did-start-navigation'] as const;
app.on('web-contents-created', (_event, contents) => {
  for (const name of NAVIGATIONS) {
    const listener = (event: object, url: string, isSameDocument = false, isMainFrame = true): void =>
      complete(event, { url, isSameDocument, isMainFrame });
    contents.prependListener(name, listener);
  }
});

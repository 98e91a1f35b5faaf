// One GET, through redirects and a proxy, up to the header of the answer; every way to fail has its own words.
import http from 'node:http';
import https from 'node:https';
import tls from 'node:tls';
import { explainError, FetchFailure, noAnswer, refusedByStatus } from './fetch-failure.mjs';
import { findProxy, proxyLogin } from './proxy.mjs';

const MAX_REDIRECTS = 5;
/** Node.js gives each of several addresses 250 ms, which a far host does not keep. */
const PER_ADDRESS_MS = 1500;

/**
 * The response of `url`, whatever its status but a redirect. All of it (name, connections, redirects) has `answerWithinMs`.
 * Throws FetchFailures; rejects at once when `signal` is aborted.
 */
export async function openResponse(url, { headers = {}, answerWithinMs, signal }) {
  const progress = { host: url.host, proxy: null, isConnected: false };
  const late = AbortSignal.timeout(answerWithinMs);
  try {
    for (let hops = 0; ; hops++) {
      Object.assign(progress, { host: url.host, proxy: null, isConnected: false });
      const response = await get(url, headers, [signal, late], progress);
      if (![301, 302, 303, 307, 308].includes(response.statusCode) || !response.headers.location) return response;
      response.destroy();
      url = follow(url, response.headers.location, hops);
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (late.aborted) throw noAnswer(progress.host, progress.proxy, progress.isConnected, answerWithinMs);
    throw explainError(error, progress);
  }
}

function follow(from, location, hops) {
  const to = URL.canParse(location, from) ? new URL(location, from) : null;
  const isFit = to && (to.protocol === 'https:' || (to.protocol === 'http:' && from.protocol === 'http:'));
  if (isFit && hops < MAX_REDIRECTS) return to;
  throw new FetchFailure('http', `${from.host} sends from address to address, or to one that is not encrypted`, 'Check ELECTRON_MIRROR.');
}

async function get(url, headers, signals, progress) {
  const proxy = findProxy(url);
  if (proxy) progress.proxy = proxy.host;
  if (!proxy) return send(url, { headers }, signals, progress);
  if (url.protocol === 'http:') {
    const via = {
      hostname: bare(proxy.hostname),
      port: portOf(proxy),
      path: url.href,
      headers: { ...headers, host: url.host, ...proxyLogin(proxy) },
    };
    return send(proxy, via, signals, progress);
  }
  const socket = await openTunnel(url, proxy, signals, progress);
  progress.proxy = null;
  const secured = tls.connect({ socket, servername: bare(url.hostname) });
  // Only without an agent is the given connection taken.
  return send(url, { headers, agent: undefined, createConnection: () => secured }, signals, progress);
}

/** A connection to the host of `url` through the proxy. */
function openTunnel(url, proxy, signals, progress) {
  const target = `${url.hostname}:${portOf(url)}`;
  return new Promise((resolve, reject) => {
    const options = { method: 'CONNECT', path: target, headers: { host: target, ...proxyLogin(proxy) } };
    const request = start(proxy, options, signals, progress);
    request.once('connect', (response, socket) => {
      if (response.statusCode < 300) return resolve(socket);
      socket.destroy();
      reject(refusedByStatus(response.statusCode, url, true));
    });
    request.once('response', (response) => reject(refusedByStatus(response.statusCode, url, true)));
    request.once('error', reject);
    request.end();
  });
}

function send(url, options, signals, progress) {
  return new Promise((resolve, reject) => {
    const request = start(url, options, signals, progress);
    request.once('response', resolve);
    request.once('error', reject);
    request.end();
  });
}

function start(url, options, [signal, late], progress) {
  const { request: open } = url.protocol === 'https:' ? https : http;
  const request = open(url, { agent: false, autoSelectFamilyAttemptTimeout: PER_ADDRESS_MS, ...options, signal });
  // Only until the answer: what comes after it has a limit of its own.
  const onLate = () => request.destroy(new Error('late'));
  late.addEventListener('abort', onLate, { once: true });
  request.once('socket', (socket) => socket.once('connect', () => (progress.isConnected = true)));
  for (const event of ['response', 'connect', 'close']) request.once(event, () => late.removeEventListener('abort', onLate));
  return request;
}

const bare = (hostname) => hostname.replace(/^\[|\]$/g, '');
const portOf = (url) => url.port || (url.protocol === 'https:' ? '443' : '80');

import { inject } from 'vue';
import { API_KEY, type Api, type ApiClient } from '../api/client.js';

/** The API client, for use inside setup. */
export function useApi(): ApiClient {
  return requireApi().client;
}

/** State of the connection to the core, reactive. */
export function useConnection(): Api['connection'] {
  return requireApi().connection;
}

/** Why the desktop's core has given up, reactive; null while it works, and always in the browser. */
export function useCoreFailure(): Api['coreFailure'] {
  return requireApi().coreFailure;
}

function requireApi(): Api {
  const api = inject(API_KEY);
  if (!api) throw new Error('No API was provided to the application');
  return api;
}

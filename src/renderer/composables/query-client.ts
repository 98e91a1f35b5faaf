// How the window asks the core: the core is on this machine, so that the network of the machine says nothing, and a failure is shown at
// once instead of being tried again.
import { onlineManager, QueryClient } from '@tanstack/vue-query';
import { watch } from 'vue';
import type { Api } from '../api/client.js';

/** Made once; every query asks again when the connection to the core is back. */
export function createQueryClient(connection: Api['connection']): QueryClient {
  onlineManager.setEventListener((setOnline) =>
    watch(connection, (state) => setOnline(state !== 'lost'), { immediate: true, flush: 'sync' }),
  );
  return new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always',
        retry: false,
        refetchOnWindowFocus: false,
        refetchOnReconnect: 'always',
        // An answer goes with the last component that shows it: what a view shows when it opens was asked for then.
        gcTime: 0,
      },
    },
  });
}

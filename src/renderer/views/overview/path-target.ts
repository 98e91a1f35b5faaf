// Where a step of the path is done in the window.
import type { RouteLocationRaw } from 'vue-router';
import type { PathTarget } from '../../../shared/lab-path.js';

export function routeOf(target: PathTarget): RouteLocationRaw {
  switch (target.page) {
    case 'testbed': {
      const tabs = {
        nodes: {},
        provisioning: { tab: 'provisioning' },
        plan: { tab: 'provisioning', plan: 'made' },
        times: { tab: 'times' },
      };
      return { name: 'testbed', params: { testbedId: target.testbedId }, query: tabs[target.tab] };
    }
    // A panel of that page.
    case 'wheels':
      return { name: 'models', hash: '#wheels' };
    case 'model':
      return { name: 'model', params: { modelId: target.modelId } };
    case 'new-run':
      return { name: 'new-run', query: { testbedId: target.testbedId, count: String(target.count) } };
    case 'run':
      return { name: 'run', params: { runId: target.runId } };
    default:
      return { name: target.page };
  }
}

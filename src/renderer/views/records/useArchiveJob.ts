import { computed, ref, type Ref } from 'vue';
import { useApi } from '../../composables/useApi.js';
import { useSubscription } from '../../composables/useSubscription.js';
import type { DataJob } from '../../../shared/data-care.js';
import type { AppErrorShape } from '../../../shared/errors.js';
import { isOpenState } from '../../../shared/job.js';

interface ArchiveJob {
  /** Set it to follow a job. */
  jobId: Ref<string | undefined>;
  job: Ref<DataJob | undefined>;
  isWorking: Ref<boolean>;
  error: Ref<AppErrorShape | null>;
}

/** An export or import of an archive, from its start to its end. */
export function useArchiveJob(): ArchiveJob {
  const api = useApi();
  const jobId = ref<string>();
  const { data, error } = useSubscription<DataJob>((handlers) => api.archives.watchJob.subscribe({ id: jobId.value ?? '' }, handlers), {
    key: () => jobId.value,
  });
  return { jobId, job: data, isWorking: computed(() => data.value !== undefined && isOpenState(data.value.state)), error };
}

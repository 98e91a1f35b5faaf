import { onScopeDispose } from 'vue';
import { type RouteLocationRaw, useRouter } from 'vue-router';

/** Opens the view that follows a command; who has left the view of the command in the meantime stays where they are. */
export function useFollowUp(): (to: RouteLocationRaw) => void {
  const router = useRouter();
  let isHere = true;
  onScopeDispose(() => (isHere = false));
  return (to) => {
    if (isHere) void router.push(to);
  };
}

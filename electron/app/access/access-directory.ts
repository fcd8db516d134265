import type { Project, StoredKey, Tenant } from '../../../shared/contract/keys.ts';
import type { Limits } from '../../../shared/contract/limits.ts';
import { endMsOf } from '../../gateway/index.ts';
import type { Clock, Logger } from '../../platform/ports.ts';
import type { AccessStore } from '../../platform/stores.ts';

/** Another process may revoke a key: the answers it is being given must end within a second. */
const LOOK_EVERY_MS = 400;
const TOUCH_EVERY_MS = 5000;

/** Keys, tenants and limits in memory, as of the newest change by whichever process. */
export interface AccessDirectory extends Disposable {
  keyOf(keyId: string): StoredKey | undefined;
  keys(): Iterable<StoredKey>;
  tenantOf(tenantId: string): Tenant | undefined;
  projectOf(tenantId: string, projectId: string): Project | undefined;
  serverLimits(): Limits;
  /** Looks at the store now; call it after a change of one's own. */
  refresh(): void;
  /** Remembers that a key was used; written every few seconds. */
  used(keyId: string, nowMs: number): void;
  /** Also called when a key reaches its end, which nobody writes down. */
  onChange(act: () => void): Disposable;
}

/** The first moment after `nowMs` at which one of the keys ends by itself. */
const nextEndMs = (keys: Iterable<StoredKey>, nowMs: number): number => {
  let next = Infinity;
  for (const key of keys) {
    const endMs = key.revokedAtMs === null ? endMsOf(key) : null;
    if (endMs !== null && endMs > nowMs && endMs < next) next = endMs;
  }
  return next;
};

export const openAccessDirectory = ({
  store,
  clock,
  log,
}: {
  readonly store: AccessStore;
  readonly clock: Clock;
  readonly log: Logger;
}): AccessDirectory => {
  const watchers = new Set<() => void>();
  const usedAtMs = new Map<string, number>();
  const unwritten = new Map<string, number>();
  const read = () => ({
    revision: store.revision(),
    keys: new Map(store.keys().map((key) => [key.id, key])),
    tenants: new Map(store.tenants().map((tenant) => [tenant.id, tenant])),
    // ids have no slash
    projects: new Map(store.projects().map((project) => [`${project.tenantId}/${project.id}`, project])),
    serverLimits: store.serverLimits(),
  });
  let now = read();
  let endMs = nextEndMs(now.keys.values(), clock.nowMs());

  const refresh = (): void => {
    const nowMs = clock.nowMs();
    const isChanged = store.revision() !== now.revision;
    if (!isChanged && nowMs < endMs) return;
    if (isChanged) now = read();
    endMs = nextEndMs(now.keys.values(), nowMs);
    for (const act of watchers) act();
  };
  const write = (): void => {
    if (unwritten.size === 0) return;
    store.touch(unwritten);
    unwritten.clear();
  };
  const guarded = (act: () => void) => (): void => {
    try {
      act();
    } catch (error) {
      log.error('the keys could not be read or written', { error }); // the next turn tries again
    }
  };
  using timers = new DisposableStack();
  timers.use(clock.every(LOOK_EVERY_MS, guarded(refresh)));
  timers.use(clock.every(TOUCH_EVERY_MS, guarded(write)));
  const owned = timers.move();

  return {
    keyOf: (keyId) => {
      // A key that another process made opens the door at once; looking at the revision costs one read of one row.
      if (!now.keys.has(keyId)) guarded(refresh)();
      const key = now.keys.get(keyId);
      const lastUsedAtMs = key === undefined ? undefined : usedAtMs.get(keyId);
      return key === undefined || lastUsedAtMs === undefined || key.rotation.maxIdleMs === null
        ? key
        : { ...key, lastUsedAtMs };
    },
    keys: () => now.keys.values(),
    tenantOf: (tenantId) => now.tenants.get(tenantId),
    projectOf: (tenantId, projectId) => now.projects.get(`${tenantId}/${projectId}`),
    serverLimits: () => now.serverLimits,
    refresh,
    used: (keyId, nowMs) => {
      usedAtMs.set(keyId, nowMs);
      unwritten.set(keyId, nowMs);
    },
    onChange: (act) => {
      watchers.add(act);
      return { [Symbol.dispose]: () => void watchers.delete(act) };
    },
    [Symbol.dispose]: () => {
      owned.dispose();
      guarded(write)();
    },
  };
};

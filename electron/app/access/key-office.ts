import { join } from 'node:path';
import type { AuditAction } from '../../../shared/contract/audit.ts';
import {
  DEFAULT_GRACE_MS,
  type ApiKey,
  type KeyCreateInput,
  type KeyUpdateInput,
  type MintedKey,
  type StoredKey,
} from '../../../shared/contract/keys.ts';
import { AppError } from '../../../shared/errors/app-error.ts';
import {
  checkChange,
  checkMint,
  endOfHome,
  isDueForRotation,
  keyStateAt,
  mintKey,
  publicIdOf,
  rotateKey,
} from '../../gateway/index.ts';
import type { Ports } from '../../platform/ports.ts';
import type { AccessStore, AuditStore } from '../../platform/stores.ts';
import { auditActorOf, checkReach, creatorOf, dynoActor, tenantOf, type Actor } from './actor.ts';
import { checkHome } from './check-home.ts';
import { checkNotWider } from './check-not-wider.ts';
import type { KeyFile } from './key-file.ts';

/** Makes, shows, changes and ends keys; each act is checked against who asks, and leaves a line in the audit log. */
export interface KeyOffice {
  list(actor: Actor): readonly ApiKey[];
  /** @throws AppError `app.not-found` */
  get(actor: Actor, idOrKey: string): ApiKey;
  /**
   * @throws AppError `gateway.insufficient-permissions`, `app.not-found` for the tenant or the project,
   *   `gateway.tenant-suspended`
   */
  create(actor: Actor, wish: KeyCreateInput): MintedKey;
  update(actor: Actor, change: KeyUpdateInput): ApiKey;
  /** @throws AppError `app.bad-input` for a key that has a successor or was revoked, `gateway.tenant-suspended` */
  rotate(actor: Actor, idOrKey: string, graceMs?: number): Promise<MintedKey>;
  /** @throws AppError `app.bad-input` for the key this host shows, and the last of an owner's that works */
  revoke(actor: Actor, idOrKey: string): ApiKey;
  /** Makes the successors that are due; their secrets lie in `keys/` of the data folder. */
  rotateDue(): Promise<void>;
}

interface Options {
  readonly ports: Pick<Ports, 'clock' | 'random' | 'files' | 'folders'>;
  readonly store: AccessStore;
  readonly audit: AuditStore;
  readonly keyFile: KeyFile;
  /** Called after every change. */
  readonly onChanged: () => void;
}

const opensTheDoor = (state: ApiKey['state']): boolean => state === 'active' || state === 'grace';

export const createKeyOffice = ({ ports, store, audit, keyFile, onChanged }: Options): KeyOffice => {
  const { clock, random, files, folders } = ports;
  const mint = () => ({
    random,
    pepper: keyFile.own.pepper,
    pepperKind: keyFile.own.kind,
    nowMs: clock.nowMs(),
  });
  /** Why the tenant or the project of a key stops it, as they stand now. */
  const readHomes = () => {
    const tenants = new Map(store.tenants().map((tenant) => [tenant.id, tenant]));
    const projects = store.projects();
    return ({ tenantId, projectId }: StoredKey) =>
      endOfHome(
        tenants.get(tenantId),
        projects.find((each) => each.tenantId === tenantId && each.id === projectId),
      );
  };
  const view = (key: StoredKey, endOf = readHomes()): ApiKey => {
    const { hash: _hash, pepper: _pepper, ...shown } = key;
    const own = keyStateAt(key, clock.nowMs());
    const state = opensTheDoor(own) && endOf(key) !== undefined ? 'suspended' : own;
    return { ...shown, state, isHostKey: publicIdOf(keyFile.ownerKey()) === key.id };
  };

  const find = (actor: Actor, idOrKey: string): StoredKey => {
    const id = publicIdOf(idOrKey) ?? idOrKey;
    const key = store.keys().find((each) => each.id === id);
    const missing = `key ${id.slice(0, 12)}`;
    if (key === undefined) {
      throw new AppError('app.not-found', `There is no ${missing}.`, { hint: 'dyno keys list shows all.' });
    }
    checkReach(actor, key.tenantId, missing);
    return key;
  };
  const note = (
    actor: Actor,
    action: AuditAction,
    key: StoredKey,
    details: Record<string, unknown>,
  ): void => {
    audit.append({
      atMs: clock.nowMs(),
      actor: auditActorOf(actor),
      action,
      tenantId: key.tenantId,
      subject: key.id,
      details,
    });
  };
  const change = <Result>(act: () => Result): Result => {
    const result = store.transaction(act);
    onChanged();
    return result;
  };
  const checkRotatable = (key: StoredKey): void => {
    if (key.successorId !== null) {
      throw new AppError('app.bad-input', `The key ${key.id} has a successor already.`, {
        hint: `Rotate ${key.successorId}.`,
      });
    }
    if (key.revokedAtMs === null) return;
    throw new AppError('app.bad-input', `The key ${key.id} was revoked.`, { hint: 'Create a new one.' });
  };
  const isOwnerKey = (key: StoredKey): boolean =>
    key.role === 'owner' && key.scopes === null && keyStateAt(key, clock.nowMs()) === 'active';
  /** Who revokes these by mistake is locked out of the server; a renewal ends them as surely. */
  const checkRevocable = (key: StoredKey): void => {
    if (publicIdOf(keyFile.ownerKey()) === key.id) {
      throw new AppError('app.bad-input', `${key.id} is the owner's key that this host shows and prints.`, {
        hint: 'Renew it instead: dyno keys renew, or Renew on the Server page. The present one ends at once.',
      });
    }
    if (!isOwnerKey(key) || store.keys().some((each) => each.id !== key.id && isOwnerKey(each))) return;
    throw new AppError('app.bad-input', `${key.id} is the last key of an owner that works.`, {
      hint: `Make another first (dyno keys create owner --role owner), or rotate it: dyno keys rotate ${key.id} --grace 0m.`,
    });
  };
  const succeed = (actor: Actor, keyId: string, graceMs: number): { secret: string; key: StoredKey } =>
    change(() => {
      const old = find(actor, keyId);
      checkRotatable(old);
      checkHome(store, old);
      const { secret, key, predecessor } = rotateKey(old, graceMs, creatorOf(actor), mint());
      store.putKey(key);
      store.putKey(predecessor);
      note(actor, 'key.rotated', predecessor, { successor: key.id, graceUntilMs: predecessor.graceUntilMs });
      return { secret, key };
    });
  /** The owner's own key is kept readable, so that `dyno serve` goes on printing one that works. */
  const keep = async (oldId: string, secret: string): Promise<boolean> => {
    if (publicIdOf(keyFile.ownerKey()) !== oldId) return false;
    await keyFile.replaceOwnerKey(secret);
    return true;
  };
  const rotateByItself = async (due: StoredKey): Promise<void> => {
    // another process may have done it since
    if (find(dynoActor, due.id).successorId !== null) return;
    const made = succeed(dynoActor, due.id, DEFAULT_GRACE_MS);
    if (await keep(due.id, made.secret)) return;
    const path = join(folders.data, 'keys', `${made.key.id}.key`);
    await files.writeText(path, `${made.secret}\n`, { mode: 0o600 });
  };

  return {
    list: (actor) => {
      const own = tenantOf(actor);
      const endOf = readHomes();
      return store
        .keys()
        .filter(({ tenantId }) => own === undefined || tenantId === own)
        .map((key) => view(key, endOf));
    },
    get: (actor, idOrKey) => view(find(actor, idOrKey)),
    create: (actor, wish) => {
      if (actor.type === 'key') checkMint(actor.principal, wish, clock.nowMs());
      const { secret, key } = mintKey(wish, creatorOf(actor), mint());
      change(() => {
        checkHome(store, wish);
        store.putKey(key);
        note(actor, 'key.created', key, { name: key.name, role: key.role, scopes: key.scopes });
      });
      return { secret, key: view(key) };
    },
    update: (actor, { id, ...wished }) => {
      const before = find(actor, id);
      checkNotWider(actor, before, clock.nowMs());
      if (actor.type === 'key') checkChange(actor.principal, before, wished);
      const given = Object.fromEntries(Object.entries(wished).filter(([, value]) => value !== undefined));
      const maxAgeMs = (wished.rotation ?? before.rotation).maxAgeMs;
      const after: StoredKey = {
        ...before,
        ...given,
        rotatesAtMs: maxAgeMs === null ? null : before.createdAtMs + maxAgeMs,
      };
      change(() => {
        store.putKey(after);
        note(actor, 'key.changed', after, given);
      });
      return view(after);
    },
    rotate: async (actor, idOrKey, graceMs = DEFAULT_GRACE_MS) => {
      const old = find(actor, idOrKey);
      checkNotWider(actor, old, clock.nowMs());
      const { secret, key } = succeed(actor, old.id, graceMs);
      await keep(old.id, secret);
      return { secret, key: view(key) };
    },
    revoke: (actor, idOrKey) => {
      const key = find(actor, idOrKey);
      checkNotWider(actor, key, clock.nowMs());
      if (key.revokedAtMs !== null) return view(key);
      checkRevocable(key);
      const revoked = { ...key, revokedAtMs: clock.nowMs() };
      change(() => {
        store.putKey(revoked);
        note(actor, 'key.revoked', revoked, { name: key.name });
      });
      return view(revoked);
    },
    rotateDue: async () => {
      const nowMs = clock.nowMs();
      const endOf = readHomes();
      // a key of a suspended tenant gets its successor when the tenant is resumed
      for (const key of store.keys())
        if (isDueForRotation(key, nowMs) && endOf(key) === undefined) await rotateByItself(key);
    },
  };
};

import { createSecretKey } from 'node:crypto';
import {
  DEFAULT_PROJECT,
  DEFAULT_TENANT,
  keyCreateInputSchema,
  type StoredKey,
} from '../../../shared/contract/keys.ts';
import { noLimits } from '../../../shared/contract/limits.ts';
import type { EventBody } from '../../../shared/events/events.ts';
import {
  createKeyRing,
  endOfHome,
  hashOfKey,
  mintKey,
  publicIdOf,
  type KeyRing,
  type LimitPorts,
} from '../../gateway/index.ts';
import type { Ports } from '../../platform/ports.ts';
import type {
  AccessStore,
  AuditStore,
  FactStore,
  BudgetStore,
  LimitStore,
  PriceStore,
  UsageStore,
} from '../../platform/stores.ts';
import { openAccessDirectory, type AccessDirectory } from './access-directory.ts';
import { hostActor } from './actor.ts';
import { createAuditOffice, type AuditOffice } from './audit-office.ts';
import { createBudgetOffice, type BudgetOffice } from './budget-office.ts';
import { countClientKeys } from './client-keys.ts';
import { openKeyFile, type KeyFile } from './key-file.ts';
import { createCostOffice, type CostOffice } from './cost-office.ts';
import { createKeyOffice, type KeyOffice } from './key-office.ts';
import { openLedger, type Ledger } from './ledger.ts';
import { createPriceOffice, type PriceOffice } from './price-office.ts';
import { createRecordingOffice, type RecordingOffice } from './recording-office.ts';
import { createStandingOffice, type StandingOffice } from './standing-office.ts';
import { createTenantOffice, type TenantOffice } from './tenant-office.ts';

/** How often keys that are due get their successor. */
const ROTATE_EVERY_MS = 30_000;

/** Who may use the server: keys, tenants, and the ring the server asks. */
export interface Access extends Disposable {
  readonly ring: KeyRing;
  readonly limits: LimitPorts;
  readonly ledger: Ledger;
  readonly directory: AccessDirectory;
  readonly keys: KeyOffice;
  readonly tenants: TenantOffice;
  readonly standings: StandingOffice;
  readonly audit: AuditOffice;
  readonly prices: PriceOffice;
  readonly costs: CostOffice;
  readonly budgets: BudgetOffice;
  readonly recordings: RecordingOffice;
  /** Keys but the owner's that open the server to who has them. */
  clientKeys(): number;
  /** The owner's own key, in clear. */
  ownerKey(): string;
  /** Makes a new one; the old one stops working at once. */
  renewOwnerKey(): Promise<string>;
}

/** What access is kept in; the storage of a host has all of it. */
interface AccessStores {
  readonly access: AccessStore;
  readonly audit: AuditStore;
  readonly limits: LimitStore;
  readonly usage: UsageStore;
  readonly prices: PriceStore;
  readonly facts: FactStore;
  readonly budgets: BudgetStore;
}

interface Options {
  readonly ports: Pick<Ports, 'clock' | 'random' | 'log' | 'files' | 'folders' | 'vault'>;
  readonly stores: AccessStores;
  readonly publish: (body: EventBody) => void;
}

const ownerWish = keyCreateInputSchema.parse({ name: 'owner', role: 'owner', tier: 'realtime' });

/** The record of a key that was made elsewhere: the one that the file of this data folder holds. */
const adopt = (secret: string, keyFile: KeyFile, { ports, stores }: Options): void => {
  const { access: store, audit } = stores;
  const id = publicIdOf(secret) ?? '';
  if (store.keys().some((key) => key.id === id)) return;
  const { kind, pepper } = keyFile.own;
  const nowMs = ports.clock.nowMs();
  const { key } = mintKey(ownerWish, 'host', { random: ports.random, pepper, pepperKind: kind, nowMs });
  const record: StoredKey = {
    ...key,
    id,
    lastFour: secret.slice(-4),
    hash: hashOfKey(secret, createSecretKey(pepper)).toString('hex'),
  };
  store.transaction(() => {
    store.putKey(record);
    audit.append({
      atMs: nowMs,
      actor: { type: 'dyno' },
      action: 'key.created',
      tenantId: DEFAULT_TENANT,
      subject: id,
      details: { name: record.name, role: record.role, project: DEFAULT_PROJECT },
    });
  });
};

/**
 * Opens the keys of this data folder. The first time it makes the owner's key, which the file keeps in clear.
 * @throws AppError `files.not-allowed`, `storage.*`
 */
export const openAccess = async (options: Options): Promise<Access> => {
  const { ports, stores } = options;
  const { access: store, audit, prices } = stores;
  const { clock, log } = ports;
  const keyFile = await openKeyFile(ports);
  using scope = new DisposableStack();
  const directory = scope.use(openAccessDirectory({ store, clock, log }));
  const ledger = scope.use(openLedger({ store: stores.usage, sheets: prices.list, clock, log }));
  const onChanged = directory.refresh;
  const tenants = createTenantOffice({ clock, store, audit, onChanged });
  const keys = createKeyOffice({ ports, store, audit, keyFile, onChanged });
  tenants.makeDefaults();
  adopt(keyFile.ownerKey(), keyFile, options);
  onChanged();
  const renewOwnerKey = async (): Promise<string> => {
    const old = keys.get(hostActor, keyFile.ownerKey());
    if (old.state === 'active') await keys.rotate(hostActor, old.id, 0);
    else await keyFile.replaceOwnerKey(keys.create(hostActor, ownerWish).secret);
    return keyFile.ownerKey();
  };
  // revoked, or rotated by another kind of host: what is printed must open the door
  if (keys.get(hostActor, keyFile.ownerKey()).state !== 'active') await renewOwnerKey();

  const rotateDue = (): void => {
    keys.rotateDue().catch((error: unknown) => log.error('a key could not be rotated', { error }));
  };
  scope.use(clock.every(ROTATE_EVERY_MS, rotateDue));
  const budgets = scope.use(
    createBudgetOffice({
      clock,
      log,
      store: stores.budgets,
      access: store,
      prices,
      audit,
      ledger,
      directory,
      publish: options.publish,
    }),
  );
  const owned = scope.move();
  return {
    ring: createKeyRing({
      peppers: keyFile.peppers,
      keyOf: directory.keyOf,
      endOfHome: ({ tenantId, projectId }) =>
        endOfHome(directory.tenantOf(tenantId), directory.projectOf(tenantId, projectId)),
      clock,
      onChange: directory.onChange,
      onUsed: directory.used,
    }),
    limits: {
      tenantLimits: (tenantId) => directory.tenantOf(tenantId)?.limits ?? noLimits,
      serverLimits: directory.serverLimits,
      loadDebts: stores.limits.load,
      saveDebts: stores.limits.save,
      budgets: budgets.source,
    },
    ledger,
    directory,
    keys,
    tenants,
    standings: createStandingOffice({ clock, store, audit, onChanged }),
    audit: createAuditOffice(audit, clock),
    prices: createPriceOffice({ clock, store: prices, access: store, audit, ledger }),
    costs: createCostOffice({ clock, facts: stores.facts, sheets: prices.list, audit, ledger }),
    budgets,
    recordings: createRecordingOffice({ clock, audit }),
    clientKeys: () => countClientKeys(store.keys(), keyFile.peppers, clock.nowMs()),
    ownerKey: keyFile.ownerKey,
    renewOwnerKey,
    [Symbol.dispose]: () => owned.dispose(),
  };
};

import type { AuditEntry } from '../../../shared/contract/audit.ts';
import type { ApiKey, Project, Tenant } from '../../../shared/contract/keys.ts';
import type { LimitOwner, LimitUse } from '../../../shared/contract/limits.ts';
import type { Standing } from '../../../shared/contract/standing.ts';
import { formatCount, formatDuration, UNKNOWN } from '../../../shared/units/format.ts';
import { limitsText } from '../../../shared/units/limits-text.ts';
import { renderFacts, renderTable } from './table.ts';

const stamp = (ms: number | null): string =>
  ms === null ? UNKNOWN : new Date(ms).toISOString().slice(0, 16).replace('T', ' ');

export const renderKeys = (keys: readonly ApiKey[]): string =>
  renderTable<ApiKey>(
    [
      { head: 'id', cell: (key) => key.id },
      { head: 'ends in', cell: (key) => `…${key.lastFour}` },
      { head: 'name', cell: (key) => key.name },
      { head: 'state', cell: (key) => key.state },
      { head: 'role', cell: (key) => key.role },
      { head: 'tier', cell: (key) => key.tier },
      { head: 'tenant/project', cell: (key) => `${key.tenantId}/${key.projectId}` },
      { head: 'last used (UTC)', cell: (key) => stamp(key.lastUsedAtMs) },
      { head: 'expires (UTC)', cell: (key) => stamp(key.graceUntilMs ?? key.expiresAtMs) },
    ],
    keys,
  );

export const renderKey = (key: ApiKey): string =>
  renderFacts([
    ['id', key.id],
    ['name', key.name],
    ['ends in', `…${key.lastFour}`],
    ['state', key.state],
    ['role', key.scopes === null ? key.role : `${key.role}, only ${key.scopes.join(', ')}`],
    ['tier', key.tier],
    ['tenant / project', `${key.tenantId} / ${key.projectId}`],
    ['models', key.models?.join(', ') ?? 'all'],
    ['limits', limitsText(key.limits)],
    ...Object.entries(key.modelLimits).map(([model, limits]): [string, string] => [
      `limits for ${model}`,
      limitsText(limits),
    ]),
    ['created', `${stamp(key.createdAtMs)} UTC by ${key.createdBy}`],
    ['last used', stamp(key.lastUsedAtMs)],
    ['expires', stamp(key.expiresAtMs)],
    ['rotates', `${stamp(key.rotatesAtMs)}${key.rotation.isAutomatic ? ', by itself' : ''}`],
    ['in grace until', stamp(key.graceUntilMs)],
    ['predecessor', key.predecessorId ?? UNKNOWN],
    ['successor', key.successorId ?? UNKNOWN],
  ]);

const standingText = (standing: Standing): string => {
  switch (standing.type) {
    case 'active':
      return 'active';
    case 'suspended':
      return `suspended ${stamp(standing.atMs)}${standing.reason === null ? '' : `: ${standing.reason}`}`;
    case 'removed':
      return `removed ${stamp(standing.atMs)}`;
    default:
      return standing satisfies never;
  }
};

export const renderTenants = (tenants: readonly Tenant[], projects: readonly Project[]): string =>
  renderTable<Tenant>(
    [
      { head: 'id', cell: (tenant) => tenant.id },
      { head: 'name', cell: (tenant) => tenant.name },
      { head: 'stands', cell: (tenant) => standingText(tenant.standing) },
      {
        head: 'projects',
        cell: ({ id }) =>
          projects
            .filter(({ tenantId }) => tenantId === id)
            .map(({ id: projectId, standing }) =>
              standing.type === 'active' ? projectId : `${projectId} (${standing.type})`,
            )
            .join(', '),
      },
      { head: 'limits', cell: (tenant) => limitsText(tenant.limits) },
    ],
    tenants,
  );

const ownerText = (owner: LimitOwner): string => {
  switch (owner.type) {
    case 'server':
      return 'server';
    case 'tenant':
      return `tenant ${owner.tenantId}`;
    case 'key':
      return `key ${owner.keyId}`;
    case 'model':
      return `key ${owner.keyId} for ${owner.modelId}`;
    default:
      return owner satisfies never;
  }
};

export const renderLimitUse = (uses: readonly LimitUse[]): string =>
  uses.length === 0
    ? 'There are no limits; dyno tenants limit sets some.'
    : renderTable<LimitUse>(
        [
          { head: 'of', cell: ({ owner }) => ownerText(owner) },
          {
            head: 'what',
            cell: ({ resource }) => (resource === 'concurrency' ? 'requests at once' : `${resource}/min`),
          },
          { head: 'limit', align: 'right', cell: ({ limit }) => formatCount(limit) },
          { head: 'left', align: 'right', cell: ({ remaining }) => formatCount(remaining) },
          {
            head: 'whole in',
            align: 'right',
            cell: ({ resetMs }) => (resetMs === null ? UNKNOWN : formatDuration(resetMs)),
          },
        ],
        uses,
      );

const who = ({ actor }: AuditEntry): string =>
  actor.type === 'key' ? `${actor.name} (${actor.keyId})` : actor.type;

export const renderAudit = (entries: readonly AuditEntry[]): string =>
  entries.length === 0
    ? 'Nothing yet.'
    : renderTable<AuditEntry>(
        [
          { head: '#', align: 'right', cell: (entry) => String(entry.seq) },
          { head: 'when (UTC)', cell: (entry) => stamp(entry.atMs) },
          { head: 'who', cell: who },
          { head: 'what', cell: (entry) => entry.action },
          { head: 'tenant', cell: (entry) => entry.tenantId ?? UNKNOWN },
          { head: 'subject', cell: (entry) => entry.subject },
          { head: 'particulars', cell: (entry) => JSON.stringify(entry.details).slice(0, 80) },
        ],
        entries,
      );

import type { AuditAction, AuditActor, AuditEntry } from '../../../../shared/contract/audit.ts';

/** Each act as people say it. */
export const actionWords: Readonly<Record<AuditAction, string>> = {
  'key.created': 'made a key',
  'key.changed': 'changed a key',
  'key.rotated': 'rotated a key',
  'key.revoked': 'revoked a key',
  'tenant.created': 'made a tenant',
  'tenant.changed': 'changed a tenant',
  'tenant.suspended': 'suspended a tenant',
  'tenant.resumed': 'resumed a tenant',
  'tenant.removed': 'removed a tenant',
  'project.created': 'made a project',
  'project.changed': 'changed a project',
  'project.suspended': 'suspended a project',
  'project.resumed': 'resumed a project',
  'project.removed': 'removed a project',
  'limits.changed': 'set limits of the server',
  'budget.set': 'set a budget',
  'budget.removed': 'removed a budget',
  'budget.reached': 'found a budget reached',
  'alerts.set': 'set where alerts are sent',
  'alerts.removed': 'let alerts be sent nowhere',
  'prices.set': 'set prices',
  'prices.removed': 'removed a price',
  'recording.started': 'turned recording on',
  'recording.ended': 'turned recording off',
  'server.opened': 'opened the server to the network',
  'server.closed': 'closed the server to the network',
};

/** Who did it. */
export const actorText = (actor: AuditActor): string => {
  switch (actor.type) {
    case 'host':
      return 'owner of this machine';
    case 'dyno':
      return 'Dyno by itself';
    case 'key':
      return `key ${actor.name}`;
    default:
      return actor satisfies never;
  }
};

/** Particulars in one line, what is not set left out: `name nightly, limits requestsPerMinute 3`. */
export const detailsText = (details: unknown): string => {
  if (details === null || details === undefined) return '';
  if (typeof details !== 'object') return typeof details === 'string' ? details : JSON.stringify(details);
  if (Array.isArray(details)) return details.map(detailsText).join(' ');
  return Object.entries(details)
    .map(([name, value]): readonly [string, string] => [name, detailsText(value)])
    .filter(([, text]) => text !== '')
    .map(([name, text]) => `${name} ${text}`)
    .join(', ');
};

export interface AuditFilter {
  /** As `actorText` says it; `null`: all. */
  readonly actor: string | null;
  readonly action: AuditAction | null;
  /** Not before this; `null`: from the first. */
  readonly sinceMs: number | null;
}

export const filterAudit = (
  entries: readonly AuditEntry[],
  { actor, action, sinceMs }: AuditFilter,
): readonly AuditEntry[] =>
  entries.filter(
    (entry) =>
      (actor === null || actorText(entry.actor) === actor) &&
      (action === null || entry.action === action) &&
      (sinceMs === null || entry.atMs >= sinceMs),
  );

const heads = [
  'seq',
  'time',
  'actor',
  'actor_key',
  'action',
  'tenant',
  'subject',
  'details',
  'hash',
] as const;

/** A cell of RFC 4180; a spreadsheet must not take one for a formula. */
const cell = (value: string): string => {
  const safe = /^[=+\-@\t\r]/u.test(value) ? `'${value}` : value;
  return /[",\r\n]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** Lines of the log as CSV (RFC 4180), in the order given; times are ISO 8601 in UTC. */
export const auditCsv = (entries: readonly AuditEntry[]): string =>
  [
    heads.join(','),
    ...entries.map((entry) =>
      [
        String(entry.seq),
        new Date(entry.atMs).toISOString(),
        entry.actor.type === 'key' ? entry.actor.name : entry.actor.type,
        entry.actor.type === 'key' ? entry.actor.keyId : '',
        entry.action,
        entry.tenantId ?? '',
        entry.subject,
        JSON.stringify(entry.details),
        entry.hash,
      ]
        .map(cell)
        .join(','),
    ),
    '',
  ].join('\r\n');

import type { Project, Tenant } from '../../../../shared/contract/keys.ts';
import type { Standing } from '../../../../shared/contract/standing.ts';
import { formatAgo } from '../../../../shared/units/format.ts';
import { placeTie } from '../../../../shared/units/place-tie.ts';

/** A tenant or a project, as something whose keys can be stopped together. */
export type Place =
  | { readonly type: 'tenant'; readonly tenant: Tenant }
  | { readonly type: 'project'; readonly project: Project };

export const nameOf = (place: Place): string =>
  place.type === 'tenant' ? place.tenant.name : place.project.name;
export const standingOf = (place: Place): Standing =>
  place.type === 'tenant' ? place.tenant.standing : place.project.standing;

/** Why the host would refuse to suspend or to remove it, in a sentence with what to do instead; `undefined`: it would not. */
export const whyNot = (place: Place, verb: 'suspended' | 'removed'): string | undefined => {
  const tie = placeTie(
    place.type === 'tenant'
      ? { tenantId: place.tenant.id }
      : { tenantId: place.project.tenantId, projectId: place.project.id },
    verb,
  );
  return tie === undefined ? undefined : `It cannot be ${verb}: ${tie.why}. ${tie.hint}`;
};

/** `suspended 3 min ago: unpaid invoice`; empty while it is active. */
export const standingText = (standing: Standing, nowMs: number): string => {
  switch (standing.type) {
    case 'active':
      return '';
    case 'suspended': {
      const reason = standing.reason === null ? '' : `: ${standing.reason}`;
      return `suspended ${formatAgo(standing.atMs, nowMs)}${reason}`;
    }
    case 'removed':
      return `removed ${formatAgo(standing.atMs, nowMs)}`;
    default:
      return standing satisfies never;
  }
};

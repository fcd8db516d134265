import { AppError } from '../../../shared/errors/app-error.ts';
import type { Principal } from '../auth/principal.ts';
import type { PublicRoute } from '../public-routes.ts';

/**
 * Third stage: may this key use this route? Routes without a scope of their own never get here.
 * @throws AppError `gateway.insufficient-permissions`
 */
export const authorize = (principal: Principal, route: PublicRoute): void => {
  if (route.scope !== 'public' && principal.scopes.includes(route.scope)) return;
  throw new AppError(
    'gateway.insufficient-permissions',
    `The key ${principal.name} lacks the scope ${route.scope}.`,
    { hint: 'Use a key that has it.' },
  );
};

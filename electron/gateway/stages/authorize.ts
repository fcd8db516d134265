import { AppError } from '../../../shared/errors/app-error.ts';
import type { Principal } from '../auth/principal.ts';
import type { PublicRoute } from '../public-routes.ts';
import type { ServedModel } from '../router/route-table.ts';

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

/** True when the key may ask this model. */
export const mayUseModel = ({ models }: Principal, { info }: ServedModel): boolean =>
  models === null || models.includes(info.id) || models.includes(info.name);

/** The same for the model, once it is known. @throws AppError `gateway.model-not-allowed` */
export const authorizeModel = (principal: Principal, model: ServedModel): void => {
  const { models } = principal;
  const { info } = model;
  if (models === null || mayUseModel(principal, model)) return;
  throw new AppError('gateway.model-not-allowed', `The key ${principal.name} may not use ${info.id}.`, {
    hint: `It may use: ${models.join(', ')}.`,
    details: { param: 'model' },
  });
};

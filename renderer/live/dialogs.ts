import type { Budget } from '../../shared/contract/budgets.ts';
import type { ApiKey, Project, Tenant } from '../../shared/contract/keys.ts';
import type { LocalCost } from '../../shared/contract/local-cost.ts';
import type { Model } from '../../shared/contract/models.ts';
import type { PriceSheet } from '../../shared/contract/prices.ts';
import type { Verification } from '../../shared/contract/report.ts';
import type { Place } from '../pages/server/tenants/place.ts';
import { createStore, type Store } from './store.ts';

/** The one dialog that is open over the page. Any page and the palette may open any of them. */
export type Dialog =
  | { readonly type: 'none' }
  | { readonly type: 'palette' }
  | { readonly type: 'add-model'; readonly tab: 'download' | 'path'; readonly fileName: string | null }
  | { readonly type: 'quantize'; readonly model: Model }
  | { readonly type: 'remove-model'; readonly model: Model }
  | { readonly type: 'request'; readonly requestId: string }
  | { readonly type: 'open-network' }
  | { readonly type: 'new-key' }
  | { readonly type: 'edit-key'; readonly key: ApiKey }
  | { readonly type: 'rotate-key'; readonly key: ApiKey }
  | { readonly type: 'revoke-key'; readonly key: ApiKey }
  | { readonly type: 'new-tenant' }
  | { readonly type: 'edit-tenant'; readonly tenant: Tenant }
  | { readonly type: 'new-project'; readonly tenant: Tenant }
  | { readonly type: 'edit-project'; readonly tenant: Tenant; readonly project: Project }
  | { readonly type: 'place'; readonly place: Place }
  | { readonly type: 'new-price' }
  | { readonly type: 'edit-price'; readonly sheet: PriceSheet }
  | { readonly type: 'remove-price'; readonly sheet: PriceSheet }
  | { readonly type: 'local-cost'; readonly local: LocalCost | null }
  | { readonly type: 'new-budget' }
  | { readonly type: 'edit-budget'; readonly budget: Budget }
  | { readonly type: 'remove-budget'; readonly budget: Budget; readonly name: string }
  | { readonly type: 'verification'; readonly verification: Verification };

export interface Dialogs {
  readonly store: Store<Dialog>;
  readonly open: (dialog: Dialog) => void;
  readonly close: () => void;
}

export const createDialogs = (): Dialogs => {
  const store = createStore<Dialog>({ type: 'none' });
  return { store, open: (dialog) => store.set(dialog), close: () => store.set({ type: 'none' }) };
};

/** What a key may do. Routes name the one they need; a key without it is refused. */
export type Scope = 'inference' | 'models.read';

/** Every scope of this version, for the one generated key. */
export const allScopes: readonly Scope[] = ['inference', 'models.read'];

/** Who a verified key belongs to. */
export interface Principal {
  readonly keyId: string;
  /** Shown in the live request table. */
  readonly name: string;
  readonly scopes: readonly Scope[];
}

/** The principal of a presented key; `undefined` when the key is unknown. Must take the same time for every key. */
export type VerifyKey = (presented: string) => Principal | undefined;

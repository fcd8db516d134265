import type { EngineFacts } from '../../../shared/contract/engine.ts';
import type { EngineReplica } from '../../engine/engine.ts';

export interface ServedAdapter {
  /** Of the file. */
  readonly name: string;
  /** In requests that name no adapters. */
  readonly scale: number;
  readonly sha256: string;
}

/** What the server says about a model and needs to know of it while no engine is ready. */
export interface ModelInfo {
  /** The name clients send as `model`. */
  readonly id: string;
  /** A second name that is accepted. */
  readonly name: string;
  readonly quantization: string;
  /** Training context in tokens; the slot's own context is told once an engine is ready. */
  readonly contextLength: number | null;
  readonly createdMs: number;
  /**
   * The model's Jinja template: a template variable it never mentions is refused. `undefined`: not known, every
   * variable passes.
   */
  readonly chatTemplate?: string | null;
  /** LoRA adapters that are loaded with it, by id; none unless given. */
  readonly adapters?: readonly ServedAdapter[];
  /** The file, where it is known. */
  readonly file?: {
    readonly architecture: string;
    readonly parameterCount: number;
    readonly sizeBytes: number;
    /** Of what answers now; `null` while it is not computed. */
    readonly sha256: () => string | null;
  };
}

/** One served model with the replicas that answer for it. */
export interface ServedModel {
  readonly info: ModelInfo;
  /** Asked anew for every request, so replicas may come and go. */
  replicas(): readonly EngineReplica[];
}

export interface RouteTable {
  list(): readonly ServedModel[];
  /** By id or name; the first model when `model` is `undefined`. */
  resolve(model: string | undefined): ServedModel | undefined;
  /** Calls `act` when a model, a replica or a replica's state changes, until disposed. */
  onChange(act: () => void): Disposable;
}

/** A table of fixed models; their replicas restart behind it. */
export const createRouteTable = (
  models: readonly { readonly info: ModelInfo; readonly replicas: readonly EngineReplica[] }[],
): RouteTable => {
  const served = models.map(({ info, replicas }): ServedModel => ({ info, replicas: () => replicas }));
  return {
    list: () => served,
    resolve: (model) =>
      model === undefined
        ? served[0]
        : (served.find(({ info }) => info.id === model) ?? served.find(({ info }) => info.name === model)),
    onChange: (act) => {
      const stack = new DisposableStack();
      for (const { replicas } of models) for (const replica of replicas) stack.use(replica.onChange(act));
      return stack;
    },
  };
};

/** How far the load of the model's first replica is, 0 to 1; 0 while none loads. */
export const loadProgressOf = (model: ServedModel | undefined): number => {
  for (const replica of model?.replicas() ?? []) {
    const state = replica.state();
    if (state.type === 'loading') return state.fraction;
  }
  return 0;
};

/** Facts of the first replica that is ready; `undefined` while none is. */
export const factsOf = (model: ServedModel): EngineFacts | undefined => {
  for (const replica of model.replicas()) {
    const state = replica.state();
    if (state.type === 'ready') return state.facts;
  }
  return undefined;
};

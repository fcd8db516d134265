import type { EngineSettingsPatch, Model } from '../../shared/contract/models.ts';
import type { AdapterWish } from '../../shared/contract/server.ts';
import { useAction, type Action } from '../live/use-action.ts';
import { useServices } from '../services-context.ts';

export interface ModelActions {
  /** Serves the model in place of what is served now, with the stored port and settings, `settings` on top; other models and adapters beside it. */
  readonly serve: Action<
    readonly [
      modelId: string,
      settings?: EngineSettingsPatch | undefined,
      beside?: { readonly also: readonly string[]; readonly lora: readonly AdapterWish[] },
    ]
  >;
  readonly bench: (modelIds: readonly string[]) => void;
  readonly quantize: (model: Model) => void;
  readonly remove: (model: Model) => void;
  readonly hash: Action<readonly [modelId: string]>;
  readonly scan: Action<readonly []>;
}

const noneBeside: { readonly also: readonly string[]; readonly lora: readonly AdapterWish[] } = {
  also: [],
  lora: [],
};

/** What can be done with models, from any page and from the palette. */
export const useModelActions = (): ModelActions => {
  const { client, dialogs, notices, router } = useServices();
  return {
    serve: useAction(async (modelId: string, settings?: EngineSettingsPatch, { also, lora } = noneBeside) => {
      router.go({ page: 'server', tab: 'overview' });
      await client.server.start({
        model: modelId,
        also: [...also],
        lora: [...lora],
        ...(settings !== undefined && { settings }),
      });
    }),
    bench: (modelIds) => router.go({ page: 'bench-new', modelIds }),
    quantize: (model) => dialogs.open({ type: 'quantize', model }),
    remove: (model) => dialogs.open({ type: 'remove-model', model }),
    hash: useAction(async (modelId: string) => {
      await client.models.hash({ model: modelId });
    }),
    scan: useAction(async () => {
      const found = await client.models.scan({});
      notices.done(`Looked through all folders: ${found.length} ${found.length === 1 ? 'model' : 'models'}.`);
    }),
  };
};

import type { PriceSheet } from '../../../shared/contract/prices.ts';
import { formatMicro } from '../../../shared/units/micro.ts';
import { renderTable } from './table.ts';

export const renderPrices = (sheets: readonly PriceSheet[]): string =>
  sheets.length === 0
    ? 'No prices are set.'
    : renderTable<PriceSheet>(
        [
          { head: 'model', cell: ({ model }) => model },
          { head: 'from (UTC)', cell: ({ fromDay }) => fromDay },
          { head: 'currency, per million tokens', cell: ({ currency }) => currency },
          { head: 'prompt', align: 'right', cell: ({ promptMicro }) => formatMicro(promptMicro) },
          { head: 'cached', align: 'right', cell: ({ cachedMicro }) => formatMicro(cachedMicro) },
          { head: 'output', align: 'right', cell: ({ outputMicro }) => formatMicro(outputMicro) },
        ],
        sheets,
      );

import { useQuery } from '../../live/use-query.ts';
import { formatRoute } from '../../router/route.ts';
import { useServices } from '../../services-context.ts';
import { Page } from '../../ui/page.tsx';
import { QueryView } from '../../ui/query-view.tsx';
import { ReportMenu } from './report/report-menu.tsx';
import { ComparisonView } from './compare/comparison-view.tsx';
import { WhatChanged } from './compare/what-changed.tsx';
import { ServePickButton } from './serve-pick-button.tsx';

interface ComparePageProps {
  readonly runIds: readonly string[];
  readonly baseModelId: string | null;
}

/** Several runs side by side. */
export const ComparePage = ({ runIds, baseModelId }: ComparePageProps) => {
  const { queries, router } = useServices();
  const [a, b, ...more] = runIds;
  const comparison = useQuery(queries.comparison(runIds, baseModelId));
  return (
    <Page
      title={`Comparison of ${runIds.length} runs`}
      lead={comparison.data?.pick?.sentence}
      actions={
        <>
          <a href={formatRoute({ page: 'bench' })}>All runs</a>
          <ReportMenu runIds={runIds} />
          <ServePickButton pick={comparison.data?.pick ?? null} />
        </>
      }
    >
      {a !== undefined && b !== undefined && more.length === 0 ? <WhatChanged a={a} b={b} /> : null}
      <QueryView query={comparison} what="the comparison">
        {(data) => (
          <ComparisonView
            comparison={data}
            availableBytes={null}
            onBase={(modelId) => router.replace({ page: 'compare', runIds, baseModelId: modelId })}
          />
        )}
      </QueryView>
    </Page>
  );
};

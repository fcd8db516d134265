import type { ModelDetails } from '../../../shared/contract/models.ts';
import { formatCount, formatGib } from '../../../shared/units/format.ts';
import { DataTable } from '../../ui/data-table.tsx';
import classes from './tensor-view.module.css';
import { tensorShares } from './tensor-shares.ts';

/** What the label hides: which types the tensors really have, by bytes; then each tensor. */
export const TensorView = ({ details }: { readonly details: ModelDetails }) => {
  const shares = tensorShares(details.tensors);
  const largest = Math.max(...shares.map((share) => share.bytes), 1);
  return (
    <div className={classes.view}>
      <figure className={classes.figure}>
        <div className={classes.bars} role="list" aria-label="Tensor types by bytes">
          {shares.map((share) => (
            <div key={share.type} className={classes.row} role="listitem">
              <span className="mono">{share.type}</span>
              <span className={classes.track}>
                <span className={classes.bar} style={{ width: `${(share.bytes / largest) * 100}%` }} />
              </span>
              <span className={classes.figureText}>
                {formatGib(share.bytes)} GiB · {formatCount(share.count)}{' '}
                {share.count === 1 ? 'tensor' : 'tensors'}
              </span>
            </div>
          ))}
        </div>
        <figcaption>
          Bytes by tensor type, GiB. Embeddings and output are often kept in a finer type.
        </figcaption>
      </figure>
      <div className={classes.table}>
        <DataTable
          label="Tensors"
          rows={details.tensors}
          rowKey={(tensor) => tensor.name}
          columns={[
            {
              id: 'name',
              title: 'Tensor',
              isRowHeader: true,
              render: (tensor) => <span className="mono">{tensor.name}</span>,
              sortBy: (tensor) => tensor.name,
            },
            { id: 'type', title: 'Type', render: (tensor) => tensor.type, sortBy: (tensor) => tensor.type },
            { id: 'shape', title: 'Shape', isNumeric: true, render: (tensor) => tensor.shape.join(' × ') },
            {
              id: 'size',
              title: 'Size, GiB',
              isNumeric: true,
              render: (tensor) => formatGib(tensor.sizeBytes),
              sortBy: (tensor) => tensor.sizeBytes,
            },
          ]}
        />
      </div>
    </div>
  );
};

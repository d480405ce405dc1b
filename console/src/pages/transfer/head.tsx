import { Link } from '@tanstack/react-router'
import type { Schemas } from '../../api/client.ts'
import { useFormat } from '../../i18n/format.ts'
import { useT } from '../../i18n/i18n.tsx'
import { useMay } from '../../shell/session.ts'
import { assetSymbol, chainName } from '../../ui/asset.ts'
import { Copyable } from '../../ui/bits.tsx'
import { Button, ButtonAnchor } from '../../ui/button.tsx'
import { PageHead } from '../../ui/page-head.tsx'
import { CounterpartyName, DecisionChip, referenceOf } from '../../ui/transfer-bits.tsx'
import { useOpenForm } from './case-keys.ts'

export function TransferHead({ detail }: { detail: Schemas['TransferDetail'] }) {
  const t = useT()
  const format = useFormat()
  const openForm = useOpenForm()
  const mayExport = useMay('export')
  const { transfer, actions } = detail
  const amount = `${format.decimal(transfer.amount)} ${assetSymbol(transfer.asset)}`
  const hold = actions.find(({ action }) => action === 'hold')
  return (
    <>
      <nav className="crumbs" aria-label={t('nav.where')}>
        <Link to="/transfers" search={{}}>
          {t('queue.all-transfers')}
        </Link>
        <span aria-hidden="true">/</span>
        <span className="mono">{referenceOf(transfer)}</span>
      </nav>
      <PageHead
        title={t(`transfer.title.${transfer.direction}`, { amount })}
        text={
          <span className="head-facts">
            <span>
              {t(`transfer.with.${transfer.direction}`)}{' '}
              <CounterpartyName counterparty={transfer.counterparty} />
            </span>
            <span>{chainName(transfer.asset)}</span>
            {transfer.fiat && <span>≈ {format.money(transfer.fiat.amount, transfer.fiat.currency)}</span>}
            <Copyable text={transfer.id} label={t('transfer.copyId')} />
          </span>
        }
        actions={
          <>
            <DecisionChip decision={transfer.decision} />
            {hold?.allowed && (
              <Button icon="hold" onPress={() => openForm('hold')}>
                {t('action.hold')}
              </Button>
            )}
            {mayExport && (
              <ButtonAnchor icon="download" href={`/api/transfers/${transfer.id}/evidence`} download>
                {t('transfer.evidence')}
              </ButtonAnchor>
            )}
          </>
        }
      />
    </>
  )
}

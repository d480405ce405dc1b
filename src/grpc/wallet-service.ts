import type { WalletUseCases } from '../app/gateway.ts'
import type { Wallet } from '../domain/wallet/wallet.ts'
import type { WalletServiceServer, Wallet as WireWallet } from '../gen/travelrule/v1/wallet.ts'
import { unary } from './handler.ts'
import type { Once } from './idempotency.ts'
import { parse } from './requests/parse.ts'
import * as requests from './requests/wallet.ts'
import { WALLET_METHOD_NUMBERS } from './wire/words.ts'

export function walletService(wallets: WalletUseCases, once: Once): WalletServiceServer {
  return {
    issueWalletChallenge: unary(async (wire, call) => {
      const request = parse(requests.IssueWalletChallenge, wire)
      const { value } = await once(call, request, (key) =>
        wallets.issue(key, requests.challengeInput(request)),
      )
      const { id, message, micro, expiresAt } = value
      return { challengeId: id, message, amount: micro?.amount ?? '', expiresAt }
    }),

    submitWalletProof: unary(async (wire, call) => {
      const request = parse(requests.SubmitWalletProof, wire)
      const proof = requests.proofInput(request)
      const { value } = await once(call, request, (key) => wallets.submit(key, request.challengeId, proof))
      return { wallet: walletToWire(value) }
    }),

    allowWallet: unary(async (wire, call) => {
      const request = parse(requests.AllowWallet, wire)
      const { account, customerReference: customer, expiresAt, person } = request
      const { value } = await once(call, request, (key) =>
        wallets.allow(key, { account, customer, expiresAt, person }),
      )
      return { wallet: walletToWire(value) }
    }),

    revokeWallet: unary(async (wire, call) => {
      const request = parse(requests.RevokeWallet, wire)
      const { walletId, person, reason } = request
      const { value } = await once(call, request, (key) => wallets.revoke(key, walletId, { person, reason }))
      return { wallet: walletToWire(value) }
    }),

    listWallets: unary(async (wire, call) => {
      const { items, nextPageToken } = await wallets.list(call.caller, parse(requests.ListWallets, wire))
      return { wallets: items.map(walletToWire), nextPageToken: nextPageToken ?? '' }
    }),
  }
}

function walletToWire({ id, account, customer, method, revoked, ...proven }: Wallet): WireWallet {
  const { provenBy, provenAt, expiresAt } = proven
  return {
    walletId: id,
    account,
    customerReference: customer,
    method: WALLET_METHOD_NUMBERS[method],
    provenBy,
    provenAt,
    expiresAt,
    revokedAt: revoked?.at,
    revokeReason: revoked?.reason ?? '',
  }
}

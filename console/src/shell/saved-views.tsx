/** Lists with their filters under a name of the person's own, kept by the gateway. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useLocation } from '@tanstack/react-router'
import { useState } from 'react'
import { answer, api, type Schemas } from '../api/client.ts'
import { views as viewsQuery } from '../api/queries.ts'
import { useT } from '../i18n/i18n.tsx'
import { parseSearch } from '../search.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { TextField } from '../ui/field.tsx'
import { toast } from '../ui/toast.tsx'

type SavedView = Schemas['SavedView']

export function SavedViewLinks() {
  const t = useT()
  const queries = useQueryClient()
  const saved = useQuery(viewsQuery).data?.items ?? []
  const remove = useMutation({
    mutationFn: (id: string) => answer(api.DELETE('/api/views/{id}', { params: { path: { id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: viewsQuery.queryKey }),
  })
  if (saved.length === 0) return null
  return (
    <div className="nav-group">
      <h2>{t('nav.views')}</h2>
      {saved.map((view) => (
        <span key={view.id} className="saved-view">
          <Link
            to={`/${view.page}`}
            search={parseSearch(view.query)}
            activeOptions={{ exact: true }}
            className="nav-link"
          >
            <span className="clip">{view.name}</span>
          </Link>
          <IconButton
            label={t('views.delete', { name: view.name })}
            icon="cross"
            onPress={() => remove.mutate(view.id)}
          />
        </span>
      ))}
    </div>
  )
}

export function SaveViewButton({ page }: { page: SavedView['page'] }) {
  const t = useT()
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button look="quiet" icon="plus" onPress={() => setOpen(true)}>
        {t('views.save')}
      </Button>
      <Dialog title={t('views.save')} isOpen={isOpen} onClose={() => setOpen(false)}>
        <SaveViewForm page={page} onDone={() => setOpen(false)} />
      </Dialog>
    </>
  )
}

function SaveViewForm({ page, onDone }: { page: SavedView['page']; onDone: () => void }) {
  const t = useT()
  const queries = useQueryClient()
  const query = useLocation().searchStr.replace(/^\?/, '')
  const [name, setName] = useState('')
  const save = useMutation({
    mutationFn: () =>
      answer(
        api.PUT('/api/views/{id}', {
          params: { path: { id: crypto.randomUUID() } },
          body: { name: name.trim(), page, query },
        }),
      ),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: viewsQuery.queryKey })
      toast(t('views.saved', { name: name.trim() }))
      onDone()
    },
    onError: () => toast(t('views.failed'), 'stop'),
  })
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        if (name.trim() !== '') save.mutate()
      }}
    >
      <TextField
        label={t('views.name')}
        hint={t('views.hint')}
        value={name}
        onChange={setName}
        maxLength={80}
        autoFocus
      />
      <footer>
        <Button type="submit" look="primary" isDisabled={name.trim() === '' || save.isPending}>
          {t('views.save')}
        </Button>
      </footer>
    </form>
  )
}

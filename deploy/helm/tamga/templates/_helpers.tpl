{{- define "tamga.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 50 | trimSuffix "-" -}}
{{- end -}}

{{/* 50, so that what is appended fits into the 63 characters of a label. */}}
{{- define "tamga.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains (include "tamga.name" .) .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "tamga.name" .) | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "tamga.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: tamga
{{- end -}}

{{/* Called with (list $ "gateway"). These never change, because a Deployment's selector cannot. */}}
{{- define "tamga.selector" -}}
app.kubernetes.io/name: {{ include "tamga.name" (index . 0) }}
app.kubernetes.io/instance: {{ (index . 0).Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end -}}

{{- define "tamga.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "tamga.serviceAccount" -}}
{{- default (include "tamga.fullname" .) .Values.serviceAccount.name -}}
{{- end -}}

{{- define "tamga.keysClaim" -}}
{{- if .Values.keys.existingClaim -}}
{{- .Values.keys.existingClaim -}}
{{- else if .Values.keys.create -}}
{{- printf "%s-keys" (include "tamga.fullname" .) -}}
{{- else -}}
{{- fail "keys.existingClaim must name the volume of the keys, or keys.create make one" -}}
{{- end -}}
{{- end -}}

{{/* What must be right together and no schema can say. */}}
{{- define "tamga.check" -}}
{{- $most := ternary .Values.autoscaling.maxReplicas .Values.replicas .Values.autoscaling.enabled | int -}}
{{- if and .Values.keys.create (gt $most 1) (not (has "ReadWriteMany" .Values.keys.accessModes)) -}}
{{- fail "keys.accessModes must have ReadWriteMany: the replicas share the keys" -}}
{{- end -}}
{{- if and .Values.vasps.list .Values.vasps.existingConfigMap.name -}}
{{- fail "vasps.list and vasps.existingConfigMap exclude each other" -}}
{{- end -}}
{{- if not (or .Values.vasps.list .Values.vasps.existingConfigMap.name) -}}
{{- fail "vasps.list or vasps.existingConfigMap must say which VASPs are served" -}}
{{- end -}}
{{- if and .Values.console.enabled (not (and .Values.console.origin .Values.secrets.console.name)) -}}
{{- fail "the console needs console.origin and secrets.console" -}}
{{- end -}}
{{- if lt (int .Values.termination.graceSeconds) (add 45 (int .Values.termination.leaveSeconds) | int) -}}
{{- fail "termination.graceSeconds must be 45 more than leaveSeconds: calls under way have that long" -}}
{{- end -}}
{{- if and .Values.networkPolicy.enabled (not (and .Values.networkPolicy.database.peers .Values.networkPolicy.nats.peers)) -}}
{{- fail "networkPolicy.database.peers and networkPolicy.nats.peers must say where they are, or networkPolicy.enabled be false" -}}
{{- end -}}
{{- end -}}

{{/* The settings of the gateway. The migration reads them all too, and uses the database's. */}}
{{- define "tamga.settings" -}}
{{- $own := dict
  "TAMGA_MODE" "production"
  "TAMGA_VASPS_FILE" (printf "/etc/tamga/%s" (default "vasps.json" .Values.vasps.existingConfigMap.key))
  "TAMGA_TRUST_DOMAIN" .Values.trustDomain
  "TAMGA_KEYS_DIRECTORY" "/var/lib/tamga/keys"
  "TAMGA_DATABASE_URL_FILE" "/run/secrets/tamga/database_url"
  "TAMGA_GRPC_LISTEN" "0.0.0.0:7100"
  "TAMGA_GRPC_CERT_FILE" "/run/secrets/tamga/grpc.pem"
  "TAMGA_GRPC_KEY_FILE" "/run/secrets/tamga/grpc.key"
  "TAMGA_GRPC_CA_FILE" "/run/secrets/tamga/callers.pem"
  "TAMGA_HTTP_LISTEN" "0.0.0.0:7180"
  "TAMGA_ADMIN_LISTEN" "0.0.0.0:7190"
  "TAMGA_NATS_SERVERS" (join "," .Values.nats.servers)
  "TAMGA_NATS_CA_FILE" "/run/secrets/tamga/nats_ca.pem" -}}
{{- if .Values.secrets.nats.name -}}
{{- $_ := merge $own (dict "TAMGA_NATS_CERT_FILE" "/run/secrets/tamga/nats.pem" "TAMGA_NATS_KEY_FILE" "/run/secrets/tamga/nats.key") -}}
{{- end -}}
{{- if .Values.console.enabled -}}
{{- $_ := merge $own (dict
  "TAMGA_CONSOLE_LISTEN" "0.0.0.0:7443"
  "TAMGA_CONSOLE_ORIGIN" .Values.console.origin
  "TAMGA_CONSOLE_CERT_FILE" "/run/secrets/tamga/console.pem"
  "TAMGA_CONSOLE_KEY_FILE" "/run/secrets/tamga/console.key") -}}
{{- end -}}
{{- range $name, $value := .Values.settings -}}
{{- if hasKey $own $name -}}{{- fail (printf "settings.%s: another value sets this" $name) -}}{{- end -}}
{{- end -}}
{{- range $name, $value := merge $own .Values.settings }}
- name: {{ $name }}
  value: {{ ternary $value (int64 $value | toString) (kindIs "string" $value) | quote }}
{{- end -}}
{{- end -}}

{{/* One file of a Secret: called with (list name key path). */}}
{{- define "tamga.secretFile" -}}
- secret:
    name: {{ index . 0 }}
    items: [{ key: {{ index . 1 }}, path: {{ index . 2 }} }]
{{- end -}}

{{- define "tamga.podSecurity" -}}
runAsNonRoot: true
runAsUser: 1000
runAsGroup: 1000
seccompProfile: { type: RuntimeDefault }
{{- end -}}

{{- define "tamga.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: { drop: [ALL] }
{{- end -}}

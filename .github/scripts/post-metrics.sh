#!/usr/bin/env bash
# Post a deployment's Success (1 or 0) and Duration to CloudWatch.
# Usage: post-metrics.sh STAGE STATUS STARTED (the job's status; in seconds since 1970)
set -euo pipefail
stage=$1 status=$2 started=$3

success=0
[[ $status != success ]] || success=1
duration=$(($(date +%s) - started))
dimensions='[{"Name": "Service", "Value": "ml-model-evaluator"}, {"Name": "Stage", "Value": "'$stage'"}]'
aws cloudwatch put-metric-data --namespace ML-Evaluator --metric-data "[
  {\"MetricName\": \"Success\", \"Dimensions\": $dimensions, \"Value\": $success, \"Unit\": \"Count\"},
  {\"MetricName\": \"Duration\", \"Dimensions\": $dimensions, \"Value\": $duration, \"Unit\": \"Seconds\"}
]"

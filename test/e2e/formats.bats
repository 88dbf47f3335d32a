# Every output format of the renderers' own samples, held against schemas, readers and a browser.
load helper

@test "outputs keep to their published schemas and can be read back" {
    run test/report/validate.sh "${ECSGATE%/*}"
    show
    case $output in *skipped:*) skip "${output#*skipped: }" ;; esac
    [ "$status" -eq 0 ]
}

@test "the HTML document in a browser: policy, widths, filter, contrast, paper" {
    run test/browser/run.sh "${ECSGATE%/*}"
    show
    case $output in *skipped:*) skip "${output#*skipped: }" ;; esac
    [ "$status" -eq 0 ]
}

package intents

import (
	"testing"
	"time"
)

// TestMeasure prints how the classifier does on the development sets; run it with -v and DESKBELL_SHARED.
func TestMeasure(t *testing.T) {
	tests := []struct {
		train string
		dev   []string
		least float64 // accuracy in percent
	}{
		{"banking77/train_1", []string{"banking77/dev"}, 52},
		{"banking77/train_5", []string{"banking77/dev"}, 69},
		{"banking77/train_10", []string{"banking77/dev"}, 77},
		{"banking77/train", []string{"banking77/dev"}, 90.5},
		{"clinc150/train_1", []string{"clinc150/dev", "clinc150/dev_oos"}, 60},
		{"clinc150/train_5", []string{"clinc150/dev", "clinc150/dev_oos"}, 75},
		{"clinc150/train_10", []string{"clinc150/dev", "clinc150/dev_oos"}, 82},
		{"clinc150/train", []string{"clinc150/dev", "clinc150/dev_oos"}, 92.5},
		{"hwu64/train_5", []string{"hwu64/dev"}, 65},
		{"hwu64/train_10", []string{"hwu64/dev"}, 73},
		{"hwu64/train", []string{"hwu64/dev"}, 90},
		{"massive-en/train_5", []string{"massive-en/dev"}, 56},
		{"massive-en/train_10", []string{"massive-en/dev"}, 65.5},
		{"massive-en/train", []string{"massive-en/dev"}, 85.5},
		{"massive-zh/train_5", []string{"massive-zh/dev"}, 54},
		{"massive-zh/train_10", []string{"massive-zh/dev"}, 61.5},
		{"massive-zh/train", []string{"massive-zh/dev"}, 82},
		{"zh-bqintent/train_1", []string{"zh-bqintent/dev", "zh-bqintent/dev_id_oos", "zh-bqintent/dev_ood_oos"}, 53},
		{"zh-bqintent/train_5", []string{"zh-bqintent/dev", "zh-bqintent/dev_id_oos", "zh-bqintent/dev_ood_oos"}, 79},
		{"zh-bqintent/train_10", []string{"zh-bqintent/dev", "zh-bqintent/dev_id_oos"}, 88},
		{"zh-bqintent/train_10", []string{"zh-bqintent/dev", "zh-bqintent/dev_ood_oos"}, 88},
		{"zh-bqintent/train", []string{"zh-bqintent/dev", "zh-bqintent/dev_id_oos"}, 93.5},
		{"zh-bqintent/train", []string{"zh-bqintent/dev", "zh-bqintent/dev_ood_oos"}, 93.5},
		{"banking77-oos/train", []string{"banking77-oos/dev", "banking77-oos/dev_id_oos"}, 86},
		{"hint3/sofmattress_train", []string{"hint3/sofmattress_dev"}, 72},
		{"hint3/sofmattress_subset_train", []string{"hint3/sofmattress_dev"}, 66},
	}
	t.Logf("%-32s %6s %5s %5s %5s %5s %5s | %6s %5s %5s | %6s %7s", "train", "acc", "answ", "right", "clar", "offer", "refus", "recall", "prec", "auc", "ece", "")
	for _, tt := range tests {
		train := sharedSet(t, tt.train)
		var dev []Example
		for _, d := range tt.dev {
			dev = append(dev, sharedSet(t, d)...)
		}
		start := time.Now()
		c, err := Train(FromExamples(train), Options{Floor: AutoFloor})
		if err != nil {
			t.Fatal(err)
		}
		trained := time.Since(start)
		start = time.Now()
		r := c.Evaluate(dev)
		query := time.Since(start) / time.Duration(len(dev))
		t.Logf("%-32s %6.1f %5.1f %5.1f %5.1f %5.1f %5.1f | %6.1f %5.1f %5.3f | %6.3f train %.2fs query %v %+.2v", tt.train,
			100*r.Accuracy, 100*r.Answered, 100*r.Right, 100*r.Clarified, 100*r.Offered, 100*r.Refused,
			100*r.NoneRecall, 100*r.NonePrecision, r.AUC, r.Calibration, trained.Seconds(), query, c.cal)
		if 100*r.Accuracy < tt.least {
			t.Errorf("%s: accuracy %.1f %%, want at least %.1f", tt.train, 100*r.Accuracy, tt.least)
		}
	}
}

"""The use cases on emulators of DynamoDB: moto and ministack."""
